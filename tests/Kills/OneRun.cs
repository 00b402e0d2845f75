using Belay.Domain.Journal;

namespace Kills;

/// <summary>One run, killed again and again, resumed or rolled back until it is closed, and then judged.</summary>
internal sealed class OneRun(Servers servers, RunFolder folder, TargetLogs logs, Tally tally, Random random)
{
    private const int InDoubt = 7;
    private const int MostCalls = 60;

    /// <summary>One call in so many is killed wherever it is: at its start, while it settles and observes, between steps.</summary>
    private const int BlindShare = 5;

    private static readonly string[] Steps =
    [
        "backup",
        "migrate",
        "setting",
        "note",
        "replicate",
        "cut-over",
        "checked",
        "unchecked",
        "start",
        "stop",
    ];

    private readonly BelayProcess belay = new(folder.Location);
    private readonly JournalTail journal = new(folder.Journal);
    private readonly List<string> acknowledged = [];
    private readonly List<string> story = [];
    private int kills;

    /// <summary>Carries the run to its end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        // Some runs go back after a few kills; all others forward, whatever comes.
        var goesBack = tally.Rarest(Enum.GetValues<Window>()) == Window.DuringUndo || random.Next(2) == 0;
        var turnAfter = goesBack ? random.Next(1, 9) : int.MaxValue;
        var most = random.Next(8, 20);
        string[] start = ["run", "upgrade.yaml", "--run", folder.Name, "--by", "test"];
        var words = start;
        for (var call = 0; call < MostCalls; call++)
        {
            var ended = await CallAsync(words, most, ct);
            if (IsClosed)
                return;
            if (ended.ExitCode == InDoubt)
                await ResolveAsync(ct);
            else if (ended.ExitCode is not null)
                throw Violation($"belay {words[0]} ended with {ended.ExitCode}: {ended.Said}");
            var back = kills >= turnAfter && (!IsGoingBack || random.Next(2) == 0);
            words = journal.Entries.Count == 0 ? start : [back ? "rollback" : "resume", folder.Name, "--by", "test"];
        }
        throw Violation($"the run is stuck: not closed after {MostCalls} calls");
    }

    /// <summary>Judges the closed run by what its targets remember.</summary>
    public async Task JudgeAsync(CancellationToken ct)
    {
        var isBack = journal.Entries[^1].Event is RunRolledBack;
        foreach (var step in Steps.Where(step => step is not ("backup" or "replicate" or "cut-over")))
        {
            var trace = await logs.OfAsync(step, ct);
            Holds(trace.Alternates, $"{step} happened twice: {string.Join(' ', trace.Effects)}");
            Holds(trace.Stands != isBack, $"{step} {(isBack ? "was not taken back" : "was lost")}");
        }
        await JudgeCachesAsync(isBack);
        await JudgeLeftoversAsync(isBack, ct);
        var verified = await belay.RunAsync(["verify", folder.Name], killWhen: null, ct);
        Holds(verified.ExitCode == 0, verified.Said);
        var status = await belay.RunAsync(["status", folder.Name], killWhen: null, ct);
        Holds(status.ExitCode == (isBack ? 6 : 0), status.Said);
    }

    /// <summary>What was called and how it ended, for the message of a failure.</summary>
    public string Story => string.Join('\n', story);

    private bool IsClosed => journal.Entries is [.., { Event: RunDone or RunRolledBack or RunFailed }];

    private bool IsGoingBack => journal.Entries.Any(entry => entry.Event is RollbackStarted);

    private string Last() =>
        journal.Entries switch
        {
            [] => "nothing journaled",
            [.., { Event: StepEvent last }] => $"{last.GetType().Name} of {last.Step}",
            [.., var last] => last.Event.GetType().Name,
        };

    private async Task<Ended> CallAsync(string[] words, int most, CancellationToken ct)
    {
        var back = words[0] == "rollback" || IsGoingBack;
        var aims = kills < most && !tally.IsEnough ? Aims.Draw(Steps, back, tally, random) : [];
        var linger = TimeSpan.FromMilliseconds(random.Next(2) * random.Next(100));
        TimeSpan? blindly =
            !aims.IsEmpty && random.Next(BlindShare) == 0 ? TimeSpan.FromMilliseconds(random.Next(50, 1000)) : null;
        var killer = await Killer.AimAsync(journal, logs, aims, linger, blindly, ct);
        var ended = await belay.RunAsync(words, killer.NowAsync, ct);
        if (ended.ExitCode is null)
        {
            var window = await killer.ProvenAsync();
            tally.Count(window);
            kills++;
            story.Add($"{words[0]}: killed {window?.ToString() ?? "between windows"}, {Last()}");
        }
        else
        {
            story.Add($"{words[0]}: ended with {ended.ExitCode}");
        }
        journal.Read();
        await WriteAsync();
        return ended;
    }

    /// <summary>A person settles what is in doubt, by looking at the target's own log.</summary>
    private async Task ResolveAsync(CancellationToken ct)
    {
        var doubt = journal.Entries.Select(entry => entry.Event).OfType<StepInDoubt>().Last();
        var word = (await logs.OfAsync(doubt.Step, ct)).Stands ? "--happened" : "--did-not";
        string[] words = ["resolve", doubt.Step, folder.Name, word, "--reason", "effects.log", "--by", "test"];
        var resolved = await belay.RunAsync(words, killWhen: null, ct);
        story.Add($"resolve {doubt.Step} {word}: {resolved.ExitCode}");
        if (resolved.ExitCode != 0 || doubt.Step != "unchecked")
            throw Violation($"'{doubt.Step}' in doubt: {doubt.Why}; {resolved.Said}");
    }

    /// <summary>A service writes to the cache that the file names; an answer is a promise.</summary>
    private async Task WriteAsync()
    {
        var key = $"written:{acknowledged.Count}";
        var endpoint = folder.Read("app.env");
        var cache = endpoint.Contains(servers.NewCache.Endpoint, StringComparison.Ordinal)
            ? servers.NewCache
            : servers.OldCache;
        try
        {
            await cache.CommandAsync("SET", key, "1");
            acknowledged.Add(key);
        }
        catch (InvalidOperationException)
        {
            // Refused by the fence: nothing was promised.
        }
    }

    private async Task JudgeCachesAsync(bool isBack)
    {
        var roles = logs.Roles();
        Holds(
            new Trace(0, roles).Alternates && roles.Length % 2 == 0,
            $"the roles of the new cache: {string.Join(' ', roles)}"
        );
        Holds(isBack || roles.Length > 0, "the new cache was never promoted");
        var (user, name) = isBack ? (servers.OldCache, "old") : (servers.NewCache, "new");
        var endpoint = $"CACHE={user.Endpoint}\n";
        Holds(
            folder.Read("app.env").Contains(endpoint, StringComparison.Ordinal),
            $"services do not use the {name} cache"
        );
        var found = await user.CommandAsync([
            "EXISTS",
            .. Enumerable.Range(0, 200).Select(i => $"key:{i}"),
            .. acknowledged,
        ]);
        Holds(found == $"{200 + acknowledged.Count}", $"keys lost: {found} of {200 + acknowledged.Count} are left");
        Holds(await user.CommandAsync("SET", "writable", "1") == "OK", $"the {name} cache takes no writes");
        if (isBack)
            Holds(await servers.NewCache.CommandAsync("DBSIZE") == "0", "the new cache is not empty as before");
    }

    private async Task JudgeLeftoversAsync(bool isBack, CancellationToken ct)
    {
        var children = MarkedProcesses.ChildrenOf(folder.Name);
        Holds(children.Count == 0, $"children forgotten: {string.Join(' ', children)}");
        foreach (var (service, runs) in (ReadOnlySpan<(string, bool)>)[("old", isBack), ("new", !isBack)])
        {
            var processes = MarkedProcesses.WithArgument($"{folder.Name}-{service}");
            Holds(processes.Count == (runs ? 1 : 0), $"{processes.Count} processes of the {service} service run");
        }
        var databases = await servers.Database.ExecuteAsync(
            $"select string_agg(datname, ' ') from pg_database where datname not in ('postgres', 'template0', 'template1', '{folder.Name}')",
            ct: ct
        );
        Holds(databases is DBNull, $"databases forgotten: {databases}");
        Holds(folder.Has("before.dump") || isBack, "the backup was lost");
        Holds(
            Directory
                .EnumerateFiles(folder.Location, "before*")
                .All(file => Path.GetFileName(file) is "before.dump" or "before.dump.belay.json"),
            "a half made backup was forgotten"
        );
    }

    private void Holds(bool holds, string otherwise)
    {
        if (!holds)
            throw Violation(otherwise);
    }

    private InvalidOperationException Violation(string what) => new($"{what}\n{Story}");
}
