using System.Collections.Immutable;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Redis;

/// <summary>Proves that nobody uses a server: no client but replicas is connected, and over a stated time no command ran but our own.</summary>
public sealed class Idle(IdleInputs inputs, IScope scope) : ICheck<IdleState>
{
    // Told in so many parts of the cycle, not at every look: each telling is a line of the journal.
    private const int Tellings = 20;
    private static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(1);

    // A replica's acknowledgements are commands too (once a second).
    private static readonly ImmutableHashSet<string> Replication = ["replconf", "psync"];

    // By these one only enters, or asks about the server itself: between two looks Belay does, when it takes up a run again.
    private static readonly ImmutableHashSet<string> Looking =
    [
        .. Replication,
        "auth",
        "client|setname",
        "client|id",
        "client|list",
        "info",
        "config|get",
        "module|list",
    ];

    // What the connection of this check runs between the two readings of the counters.
    private static readonly ImmutableDictionary<string, long> Own = ImmutableDictionary.CreateRange(
        StringComparer.Ordinal,
        [KeyValuePair.Create("client|list", 1L), KeyValuePair.Create("info", 1L)]
    );

    private long? lookedAt;

    /// <summary>The operation's definition.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<IdleInputs, IdleState>(
            "redis.idle",
            "Prove that nobody uses a server: no client connected, no command for a stated time",
            options => new IdleJson(options),
            inputs => [new Touch($"redis:{inputs.Connection}", TouchKind.Read) { Proves = Proof.Idle }],
            (inputs, scope) => new Idle(inputs, scope),
            inputs => inputs.Over <= TimeSpan.Zero ? [new InputProblem("over", "a time longer than 0 is expected")] : []
        );

    /// <inheritdoc/>
    public async ValueTask<IdleState> ObserveAsync(CancellationToken ct)
    {
        var settings = scope.Connection<RedisSettings>(inputs.Connection);
        await using var client = await RedisClient.OpenAsync(settings, scope.Clock, ct);
        var self = (await client.CallAsync(ct, "CLIENT", "ID")).AsText();
        var begun = scope.Clock.GetTimestamp();
        var first = await LookAsync(client, self, ct);
        await Task.Delay(inputs.For ?? DefaultTime, scope.Clock, ct);
        var last = await LookAsync(client, self, ct);
        var look = new IdleState
        {
            For = inputs.For ?? DefaultTime,
            Clients = [.. first.Clients.Union(last.Clients).Order(StringComparer.Ordinal)],
            Commands = last.Counters.Since(first.Counters)?.Except(Replication, Own) ?? throw BegunAnew(client, last),
        };
        return inputs.Over is null ? look : Continue(client, look, begun, first, last);
    }

    /// <inheritdoc/>
    public Verdict Judge(IdleState observed)
    {
        if (!IsUsed(observed))
        {
            return inputs.Over is { } over && observed.Watched < over
                ? new Verdict.NotYet(
                    $"nobody has used {inputs.Connection} for {Percent(observed.Watched.Value / over)} of {Duration.Format(over)}"
                )
                : Verdict.Ok;
        }
        var commands = observed.Commands.Select(c => $"{c.Value} {c.Key}").DefaultIfEmpty("none");
        var clients = observed.Clients.Take(5).DefaultIfEmpty("none");
        var why =
            $"{inputs.Connection} is in use: {observed.Clients.Length} clients ({string.Join(", ", clients)}), "
            + $"commands within {observed.For.TotalSeconds:0.###} s{(inputs.Over is null ? "" : " or since the look before")}: {string.Join(", ", commands)}";
        return inputs.Over is { } cycle
            ? new Verdict.Broken($"{why}; {Duration.Format(cycle)} without any use begin anew")
            : new Verdict.NotYet(why);
    }

    /// <summary>Adds a look to the cycle: what ran since the look before counts, also while Belay was not there, but not the time.</summary>
    private IdleState Continue(RedisClient client, IdleState look, long begun, Reading first, Reading last)
    {
        var note = IdleNote.Read(scope);
        var between = note is null
            ? ImmutableSortedDictionary<string, long>.Empty
            : first.Counters.Since(new Counters(note.Server, note.Calls))?.Except(Looking)
                ?? throw BegunAnew(client, last);
        // Within one gap between two looks of ours somebody could have come and gone; the counters tell. A longer one was not watched.
        var gap = lookedAt is { } at ? scope.Clock.GetElapsedTime(at, begun) : TimeSpan.MaxValue;
        lookedAt = scope.Clock.GetTimestamp();
        var seen = look with
        {
            Commands = look.Commands.AddRange(between.Where(c => !look.Commands.ContainsKey(c.Key))),
        };
        seen = seen with
        {
            Watched = IsUsed(seen)
                ? TimeSpan.Zero
                : (note?.Watched ?? TimeSpan.Zero)
                    + scope.Clock.GetElapsedTime(begun, lookedAt.Value)
                    + (gap <= LongestGap ? gap : TimeSpan.Zero),
        };
        Keep(seen.Watched.Value, last.Counters);
        return seen;
    }

    private void Keep(TimeSpan watched, Counters counters) =>
        new IdleNote
        {
            Watched = watched,
            Server = counters.Server,
            Calls = counters.Calls,
        }.Write(scope);

    private OperationException BegunAnew(RedisClient client, Reading last)
    {
        if (inputs.Over is not null)
            Keep(TimeSpan.Zero, last.Counters);
        return OperationException.Transient(
            $"the counters of {client.Address} began again while they were watched (a restart, or CONFIG RESETSTAT): nothing is proven"
        );
    }

    private static bool IsUsed(IdleState observed) => !observed.Clients.IsEmpty || !observed.Commands.IsEmpty;

    private static string Percent(double part) => $"{Math.Floor(part * Tellings) * 100 / Tellings:0} %";

    private static async Task<Reading> LookAsync(RedisClient client, string self, CancellationToken ct)
    {
        var clients = await client.CallAsync(ct, "CLIENT", "LIST");
        var info = await ServerInfo.ReadAsync(client, ct, "server", "commandstats");
        return new Reading(
            [
                .. clients
                    .AsText()
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(Fields)
                    .Where(fields => fields["id"] != self && !IsReplication(fields["flags"]))
                    .Select(fields => $"{fields["addr"]} {Words.ToText(fields["name"])}".TrimEnd()),
            ],
            new Counters(info["run_id"], info.Calls.ToImmutableSortedDictionary(StringComparer.Ordinal))
        );
    }

    // Flags of CLIENT LIST: S is a replica, M the master.
    private static bool IsReplication(string flags) => flags.Contains('S') || flags.Contains('M');

    private static Dictionary<string, string> Fields(string line) =>
        line.Split(' ')
            .Select(word => word.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private sealed record Reading(ImmutableHashSet<string> Clients, Counters Counters);

    /// <summary>How often each command ran on a server since its process began.</summary>
    private sealed record Counters(string Server, ImmutableSortedDictionary<string, long> Calls)
    {
        /// <summary>What ran since an earlier reading; null when the counters began again in between.</summary>
        public Ran? Since(Counters earlier) =>
            Server != earlier.Server || earlier.Calls.Any(c => Calls.GetValueOrDefault(c.Key) < c.Value)
                ? null
                : new Ran(
                    Calls.Select(c => KeyValuePair.Create(c.Key, c.Value - earlier.Calls.GetValueOrDefault(c.Key)))
                );
    }

    /// <summary>Commands that ran, how often each.</summary>
    private sealed record Ran(IEnumerable<KeyValuePair<string, long>> Commands)
    {
        public ImmutableSortedDictionary<string, long> Except(
            ImmutableHashSet<string> any,
            ImmutableDictionary<string, long>? some = null
        ) =>
            Commands
                .Where(c => !any.Contains(c.Key))
                .Select(c => KeyValuePair.Create(c.Key, c.Value - (some?.GetValueOrDefault(c.Key) ?? 0)))
                .Where(c => c.Value > 0)
                .ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
