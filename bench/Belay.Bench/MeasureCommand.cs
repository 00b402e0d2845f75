using System.CommandLine;

namespace Belay.Bench;

/// <summary><c>measure</c>: everything that bench/run has made ready.</summary>
internal static class MeasureCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--folder")
        {
            Description = "A folder on the disk that is measured",
            Required = true,
        };
        var only = new Option<string[]>("--only")
        {
            Description = $"What to measure: {string.Join(", ", Suite.Parts)}",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [.. Suite.Parts],
        };
        only.AcceptOnlyFromAmong([.. Suite.Parts]);
        var rounds = new Option<int>("--rounds") { Description = "Rounds", DefaultValueFactory = _ => 5 };
        var steps = new Option<int>("--steps") { Description = "Steps a round", DefaultValueFactory = _ => 1_000 };
        var keys = new Option<int>("--keys")
        {
            Description = "Keys of a cache that is moved",
            DefaultValueFactory = _ => 1_000_000,
        };
        var megabytes = new Option<int>("--megabytes")
        {
            Description = "Size of a database that is moved, MB",
            DefaultValueFactory = _ => 300,
        };
        var from = new Option<int>("--from")
        {
            Description = "Major version of the PostgreSQL that a database is moved from",
            DefaultValueFactory = _ => 13,
        };
        var to = new Option<int>("--to")
        {
            Description = "Major version of the PostgreSQL that it is moved to",
            DefaultValueFactory = _ => 15,
        };
        var noFlushes = new Option<bool>("--no-flushes") { Description = "Do not count flushes" };
        var packages = new Option<string?>("--packages") { Description = "The folder of the npm packages" };
        var peers = new Option<string[]>("--peers")
        {
            Description = "Who takes part besides Belay",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var belay = new Option<string?>("--belay") { Description = "The published program" };
        var commit = new Option<string>("--commit")
        {
            Description = "What is measured",
            DefaultValueFactory = _ => "unknown",
        };
        var markdown = new Option<string?>("--markdown") { Description = "A file for the report" };
        var command = new Command("measure", "Measure")
        {
            folder,
            only,
            rounds,
            steps,
            keys,
            megabytes,
            from,
            to,
            noFlushes,
            packages,
            peers,
            belay,
            commit,
            markdown,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var report = await new Suite
                {
                    Folder = Directory.CreateDirectory(parsed.GetRequiredValue(folder)).FullName,
                    Only = parsed.GetRequiredValue(only),
                    Rounds = parsed.GetValue(rounds),
                    Steps = parsed.GetValue(steps),
                    Keys = parsed.GetValue(keys),
                    Megabytes = parsed.GetValue(megabytes),
                    FromVersion = parsed.GetValue(from),
                    ToVersion = parsed.GetValue(to),
                    CountFlushes = !parsed.GetValue(noFlushes),
                    Packages = parsed.GetValue(packages),
                    Peers = parsed.GetRequiredValue(peers),
                    Belay = parsed.GetValue(belay),
                    Commit = parsed.GetRequiredValue(commit),
                }.MeasureAsync(ct);
                Console.Out.Write(report);
                if (parsed.GetValue(markdown) is { } file)
                    await File.WriteAllTextAsync(file, report, ct);
            }
        );
        return command;
    }
}
