using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;

namespace Belay.Cli.Status;

/// <summary>One way on from where a run stands.</summary>
/// <param name="What">What it does.</param>
/// <param name="Command">The exact command to type.</param>
internal sealed record Way(string What, string Command);

/// <summary>The ways on, with the exact commands.</summary>
internal static class Ways
{
    /// <param name="reading">The run.</param>
    /// <param name="standing">How it stands.</param>
    /// <param name="back">What going back means from here.</param>
    public static ImmutableArray<Way> Of(RunReading reading, Standing standing, WayBack back) =>
        standing switch
        {
            Standing.Done or Standing.RolledBack or Standing.Abandoned =>
            [
                new("write the report", $"belay report {reading.Run}"),
                new("prove the journal", $"belay verify {reading.Run}"),
            ],
            Standing.Failed or Standing.RefusedByCheck =>
            [
                new(
                    "nothing was changed: mend the cause, and start again",
                    $"belay run {Quote(reading.Start!.PlanFile)}{Environment(reading)}"
                ),
            ],
            Standing.Running or Standing.RollingBack or Standing.Parked =>
            [
                new("watch it", $"belay follow {reading.Run}"),
                new("stop it at the next safe point", $"belay halt {reading.Run}"),
            ],
            Standing.Waiting =>
            [
                .. Standings
                    .WaitingForPeople(reading)
                    .Select(waiting => Answer(reading, waiting.Step.Id, waiting.Item)),
                new("stop it at the next safe point", $"belay halt {reading.Run}"),
            ],
            Standing.HaltedWaiting =>
            [
                .. Standings
                    .WaitingForPeople(reading)
                    .Select(waiting => Answer(reading, waiting.Step.Id, waiting.Item)),
                .. Three(reading, back, "then go on"),
            ],
            Standing.InDoubt =>
            [
                .. Standings
                    .InDoubt(reading)
                    .Select(step => new Way(
                        $"look at the system, and say whether '{step.Id}' happened",
                        $"belay resolve {Quote(step.Id)} {reading.Run} --happened|--did-not --reason \"how you know\""
                    )),
                .. Three(reading, back, "then go on"),
            ],
            Standing.ParkedAlone => [.. Three(reading, back, "go on with its soak; what it did is observed first")],
            Standing.Died => [.. Three(reading, back, "go on where it stopped; what was under way is observed first")],
            _ =>
            [
                .. Three(
                    reading,
                    back,
                    reading.Rollback is null ? "mend the cause, then go on" : "mend the cause, then go on going back"
                ),
            ],
        };

    private static IEnumerable<Way> Three(RunReading reading, WayBack back, string goOn)
    {
        yield return new(goOn, $"belay resume {reading.Run}");
        if (back.Steps.IsEmpty)
            yield return new("close it: no change stands", $"belay rollback {reading.Run}");
        else if (back.Never is [var final, ..])
            yield return Beyond(reading, back, final);
        else
            yield return new("take it all back", $"belay rollback {reading.Run}{Accepting(back)}");
        yield return new("end it as it stands", $"belay abandon {reading.Run} --reason \"why\"");
    }

    private static Way Beyond(RunReading reading, WayBack back, string final) =>
        back.Steps.TakeWhile(step => step.Step != final).LastOrDefault() is { } later
            ? new(
                $"take back what came after '{final}', which itself never can be",
                $"belay rollback {reading.Run} --to {Quote(later.Step)}"
            )
            : new($"no way back: '{final}' can never be taken back", $"belay rollback {reading.Run} --preview");

    private static string Accepting(WayBack back) =>
        string.Concat(
            back.Restores.DistinctBy(step => step.Backup, StringComparer.Ordinal)
                .Select(step => $" --accept-loss {Quote(step.Step)}")
        );

    private static Way Answer(RunReading reading, string step, Item item) =>
        item is ApproveItem approve
            ? new($"approve '{step}' (by {approve.By})", $"belay approve {Quote(step)} {reading.Run}")
            : new($"do what '{step}' asks for, and say so", $"belay confirm {Quote(step)} {reading.Run}");

    private static string Environment(RunReading reading) =>
        reading.Plan!.Environment == Planning.EnvironmentFile.DefaultName ? "" : $" --env {reading.Plan.Environment}";

    private static string Quote(string word) => new Domain.Contract.Command { Program = word }.ToString();
}
