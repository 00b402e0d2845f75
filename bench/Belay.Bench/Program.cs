using System.CommandLine;
using Belay.Bench;
using Belay.Bench.Ours;

// One program for both sides: "worker" is Belay as one of the contenders, "measure" asks all of them in turns.
var folder = new Argument<string>("folder") { Description = "A folder on the disk that is measured" };
var worker = new Command("worker", "Answer one line of the protocol after the other") { folder };
worker.SetAction(parsed => Worker.ServeAsync(parsed.GetRequiredValue(folder)));
return await new RootCommand("Measures Belay against peers and limits; see bench/README.md")
{
    worker,
    MeasureCommand.Create(),
}
    .Parse(args)
    .InvokeAsync();
