using System.Text;
using Belay.Bench.Contenders;
using Belay.Bench.CutOvers;
using Belay.Bench.Measuring;
using Belay.Bench.Reporting;
using Belay.Bench.SwitchOvers;

namespace Belay.Bench;

/// <summary>All measurements, and the report on them.</summary>
internal sealed class Suite
{
    private const int ManySteps = 10_000;
    private readonly StringBuilder report = new();
    private readonly List<Goal> goals = [];

    /// <summary>What can be measured.</summary>
    public static IReadOnlyList<string> Parts { get; } =
    ["sequential", "parallel", "plan", "memory", "recovery", "cut-over-redis", "switch-over-postgresql"];

    /// <summary>A folder on the disk that is measured, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>What to measure, of <see cref="Parts"/>.</summary>
    public required IReadOnlyList<string> Only { get; init; }

    /// <summary>Rounds.</summary>
    public required int Rounds { get; init; }

    /// <summary>Steps a round.</summary>
    public required int Steps { get; init; }

    /// <summary>Whether flushes are counted.</summary>
    public required bool CountFlushes { get; init; }

    /// <summary>The folder of the npm packages; null: no peer of theirs takes part.</summary>
    public required string? Packages { get; init; }

    /// <summary>Who takes part besides Belay.</summary>
    public required IReadOnlyList<string> Peers { get; init; }

    /// <summary>The published program; null: what needs it is left out.</summary>
    public required string? Belay { get; init; }

    /// <summary>How many keys a cache holds that is moved.</summary>
    public required int Keys { get; init; }

    /// <summary>How large a database is that is moved, in MB.</summary>
    public required int Megabytes { get; init; }

    /// <summary>The major version of the PostgreSQL that a database is moved from.</summary>
    public required int FromVersion { get; init; }

    /// <summary>The major version of the PostgreSQL that it is moved to.</summary>
    public required int ToVersion { get; init; }

    /// <summary>What is measured.</summary>
    public required string Commit { get; init; }

    /// <summary>Measures, and tells on standard error how far it is.</summary>
    /// <returns>The report, Markdown.</returns>
    public async Task<string> MeasureAsync(CancellationToken ct)
    {
        var load = Machine.Load();
        var contenders = await ContendersAsync(ct);
        try
        {
            if (Only.Contains("sequential"))
                await SequentialAsync(contenders, ct);
            if (Only.Contains("parallel"))
                await ParallelAsync(contenders, ct);
            if (Only.Contains("plan"))
                await PlanAsync(contenders[0], ct);
        }
        finally
        {
            foreach (var contender in contenders)
                await contender.DisposeAsync();
        }
        if (Only.Contains("memory"))
            await MemoryAsync(ct);
        if (Only.Contains("recovery"))
            await RecoverAsync(ct);
        if (Only.Contains("cut-over-redis"))
            await CutOverRedisAsync(ct);
        if (Only.Contains("switch-over-postgresql"))
            await SwitchOverPostgreSqlAsync(ct);
        Section("Goals", Goal.Table(goals));
        Section("Machine", string.Join('\n', Machine.Describe(Folder, Commit, load)) + "\n");
        return report.ToString();
    }

    private async Task SequentialAsync(IReadOnlyList<IContender> contenders, CancellationToken ct)
    {
        Tell("sequential steps");
        var belay = new Entry(contenders[0], "Belay", Shape.Sequential, Steps);
        var many = new Entry(contenders[0], "Belay, many steps", Shape.Sequential, Steps * 10, Most: 3);
        var all = await Measure(
            [
                new Entry(contenders[0], "bare journal, two flushed lines a step", Shape.BareSequential, Steps),
                belay,
                many,
                .. contenders.Skip(1).Select(contender => Of(contender)),
            ],
            ct
        );
        var ours = all.FirstOrDefault(measured => measured.Entry == belay);
        var ten = all.FirstOrDefault(measured => measured.Entry == many);
        Section("A durable no-op step, one after the other", StepTable.Of(all, ours));
        goals.Add(new Goal("sequential step, to Restate's", 0.65, Ratio(ours, Find(all, "Restate"))));
        goals.Add(new Goal("step at ten times as many steps, to a step", 1.2, Ratio(ten, ours)));
        if (ours?.Last.JournalBytes is { } few && ten?.Last.JournalBytes is { } much)
        {
            var (perFew, perMuch) = ((double)few / belay.Steps, (double)much / many.Steps);
            report.Append(
                $"Journal, bytes a step: {perFew:N0} at {belay.Steps:N0} steps, {perMuch:N0} at {many.Steps:N0}.\n\n"
            );
            goals.Add(
                new Goal("journal, bytes a step at ten times as many steps, to those at fewer", 1.05, perMuch / perFew)
            );
        }
    }

    private async Task ParallelAsync(IReadOnlyList<IContender> contenders, CancellationToken ct)
    {
        Tell("parallel steps");
        var belay = new Entry(contenders[0], "Belay", Shape.Parallel, Steps);
        var all = await Measure(
            [
                new Entry(contenders[0], "bare journal, shared flushes", Shape.BareParallel, Steps),
                belay,
                .. contenders.Skip(1).OfType<LiveContender>().Select(c => new Entry(c, c.Name, Shape.Parallel, Steps)),
            ],
            ct
        );
        var ours = all.FirstOrDefault(measured => measured.Entry == belay);
        Section("A durable no-op step, all at once", StepTable.Of(all, ours));
        goals.Add(new Goal("parallel step, to Restate's", 0.1, Ratio(ours, Find(all, "Restate"))));
    }

    private async Task PlanAsync(IContender belay, CancellationToken ct)
    {
        Tell("plan files");
        Entry[] entries =
        [
            new(belay, "read the file into the tree", Shape.Read, ManySteps),
            new(belay, "lint the tree", Shape.Lint, ManySteps),
        ];
        var all = await new Rounds(Rounds, countFlushes: false, Tell).MeasureAsync(entries, ct);
        Section(
            $"A plan of {ManySteps:N0} steps",
            MarkdownTable.Of(
                ["", "ms, median"],
                [
                    .. all.Select(measured =>
                        (IReadOnlyList<string>)[measured.Entry.Label, Numbers.Short(measured.Median * ManySteps)]
                    ),
                ]
            )
        );
        double? Whole(int which) => all.FirstOrDefault(m => m.Entry == entries[which])?.Median * ManySteps;
        goals.Add(new Goal("10,000 steps linted", 300, Whole(1), "ms"));
        goals.Add(new Goal("10,000 steps read and linted", 300, Whole(0) + Whole(1), "ms"));
    }

    private async Task MemoryAsync(CancellationToken ct)
    {
        Tell("memory");
        await using var fresh = await Contenders.Peers.BelayAsync(Folder, ct);
        var answer = await fresh.RunAsync(Shape.Sequential, Steps, ct);
        goals.Add(
            new Goal(
                $"memory of the engine's process at {Steps:N0} steps",
                80,
                answer.PeakMemoryKilobytes / 1024.0,
                "MB"
            )
        );
    }

    private async Task RecoverAsync(CancellationToken ct)
    {
        Tell("kill -9 and resume");
        if (Belay is null)
        {
            Tell("left out: recovery: there is no published belay");
            return;
        }
        try
        {
            var (times, peak) = await new Recovery(Belay, Folder).MeasureAsync(Rounds, ct);
            Section(
                "From belay resume to the first new step, after kill -9",
                MarkdownTable.Of(
                    ["", "ms, median", "least", "greatest", "memory, MB"],
                    [
                        [
                            "belay resume",
                            Numbers.Short(times[(times.Count - 1) / 2]),
                            Numbers.Short(times[0]),
                            Numbers.Short(times[^1]),
                            $"{peak / 1024}",
                        ],
                    ]
                )
            );
            goals.Add(new Goal("first new step after belay resume", 150, times[(times.Count - 1) / 2], "ms"));
        }
        catch (ContenderException e)
        {
            Tell($"left out: recovery: {e.Message}");
        }
    }

    private async Task CutOverRedisAsync(CancellationToken ct)
    {
        Tell("cut-over of Redis");
        if (Belay is null)
        {
            Tell("left out: cut-over-redis: there is no published belay");
            return;
        }
        IRedisMove[] moves = [new BelayMove(Belay), new DumpRestoreMove(), new SnapshotMove()];
        var turns = await new RedisCutOvers(Path.Combine(Folder, "redis"), Keys, Tell).MeasureAsync(moves, Rounds, ct);
        Section($"From Redis 7 to Valkey 8: {Keys:N0} keys, 8 writers", RedisCutOvers.Table(moves, turns));
        var ours = turns.Where(turn => turn.Move == moves[0].Name).ToArray();
        goals.Add(
            new Goal("gap of a writer at Belay's cut-over of Redis, p50", 50, RedisCutOvers.MedianGap(ours), "ms")
        );
        goals.Add(
            new Goal(
                "acknowledged writes lost at Belay's cut-over of Redis",
                0,
                ours.Sum(turn => turn.Lost + turn.Missing)
            )
        );
    }

    private async Task SwitchOverPostgreSqlAsync(CancellationToken ct)
    {
        Tell("switch-over of PostgreSQL");
        if (Belay is null)
        {
            Tell("left out: switch-over-postgresql: there is no published belay");
            return;
        }
        IDatabaseMove[] all = [new BelaySwitchOver(Belay), new DumpMove(), new NaiveSwitchOver()];
        var moves = all.Where(move => move.NewestVersion >= ToVersion).ToArray();
        var measuring = new DatabaseSwitchOvers(
            Path.Combine(Folder, "postgresql"),
            (FromVersion, ToVersion),
            Megabytes,
            Tell
        );
        var turns = await measuring.MeasureAsync(moves, Rounds, ct);
        var leftOut = all.Except(moves)
            .Select(move => $"\nLeft out: {move.Name}, whose tools are of PostgreSQL {move.NewestVersion}.\n");
        Section(
            $"From PostgreSQL {FromVersion} to {ToVersion}: {measuring.Bytes / 1024 / 1024:N0} MB, 8 writers",
            DatabaseSwitchOvers.Table(turns) + string.Concat(leftOut)
        );
        var there = turns.Where(turn => turn.Move == moves[0].Name).ToArray();
        var ours = turns.Where(turn => turn.Move.StartsWith(moves[0].Name, StringComparison.Ordinal)).ToArray();
        goals.Add(
            new Goal(
                "freeze at Belay's switch-over of PostgreSQL, p50",
                100,
                DatabaseSwitchOvers.MedianFreeze(there),
                "ms"
            )
        );
        goals.Add(
            new Goal("freeze at its way back, p50", 100, DatabaseSwitchOvers.MedianFreeze(ours.Except(there)), "ms")
        );
        goals.Add(
            new Goal(
                "failed, lost and duplicate orders there and back",
                0,
                ours.Sum(turn => turn.Failed + turn.Lost + turn.Duplicates)
            )
        );
    }

    private async Task<IReadOnlyList<IContender>> ContendersAsync(CancellationToken ct)
    {
        var contenders = new List<IContender> { await Contenders.Peers.BelayAsync(Folder, ct) };
        foreach (var peer in Peers)
        {
            try
            {
                contenders.Add(await PeerAsync(peer, ct));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Tell($"left out: {peer}: {e.Message}");
            }
        }
        return contenders;
    }

    private async Task<IContender> PeerAsync(string peer, CancellationToken ct) =>
        peer switch
        {
            "restate" => await Contenders.Peers.RestateAsync(Folder, Packages!, ct),
            "dbos" => await Contenders.Peers.DbosAsync(Folder, Packages!, ct),
            "terraform" => Contenders.Peers.Terraform(Folder, "terraform"),
            "ansible" => Contenders.Peers.Ansible(Folder),
            "make" => Contenders.Peers.Make(Folder),
            _ => throw new ContenderException("nobody of this name is known"),
        };

    // What starts anew for each run, or is slow, does fewer steps and rounds.
    private Entry Of(IContender contender) =>
        contender.Name switch
        {
            "Terraform" => new Entry(contender, contender.Name, Shape.Sequential, Math.Max(1, Steps / 10), Most: 3),
            "Ansible" => new Entry(contender, contender.Name, Shape.Sequential, Math.Max(1, Steps / 50), Most: 2),
            _ => new Entry(contender, contender.Name, Shape.Sequential, Steps),
        };

    private Task<IReadOnlyList<Measured>> Measure(IReadOnlyList<Entry> entries, CancellationToken ct) =>
        new Rounds(Rounds, CountFlushes, Tell).MeasureAsync(entries, ct);

    private static Measured? Find(IEnumerable<Measured> all, string contender) =>
        all.FirstOrDefault(measured => measured.Entry.Contender.Name == contender);

    private static double? Ratio(Measured? ours, Measured? other) => ours?.Median / other?.Median;

    // Told at once, too: what a part measured in minutes is not lost when a later part fails.
    private void Section(string title, string text)
    {
        report.Append($"## {title}\n\n{text}\n");
        Tell($"{title}\n{text}");
    }

    private static void Tell(string line) => Console.Error.WriteLine($"bench: {line}");
}
