using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Redis;

/// <summary>Proves that nobody uses a server: no client but replicas is connected, and over a stated time no command ran but our own.</summary>
public sealed class Idle(IdleInputs inputs, IScope scope) : ICheck<IdleState>
{
    private static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(10);

    // A replica's acknowledgements are commands too (once a second).
    private static readonly ImmutableHashSet<string> Replication = ["replconf", "psync"];

    // What the connection of this check runs between the two readings of the counters.
    private static readonly ImmutableDictionary<string, long> Own = ImmutableDictionary.CreateRange(
        StringComparer.Ordinal,
        [KeyValuePair.Create("client|list", 1L), KeyValuePair.Create("info", 1L)]
    );

    /// <summary>The operation's definition.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<IdleInputs, IdleState>(
            "redis.idle",
            "Prove that nobody uses a server: no client connected, no command for a stated time",
            options => new IdleJson(options),
            inputs => [new Touch($"redis:{inputs.Connection}", TouchKind.Read) { Proves = Proof.Idle }],
            (inputs, scope) => new Idle(inputs, scope)
        );

    /// <inheritdoc/>
    public async ValueTask<IdleState> ObserveAsync(CancellationToken ct)
    {
        var settings = scope.Connection<RedisSettings>(inputs.Connection);
        await using var client = await RedisClient.OpenAsync(settings, scope.Clock, ct);
        var self = (await client.CallAsync(ct, "CLIENT", "ID")).AsText();
        var first = await ReadAsync(client, self, ct);
        await Task.Delay(inputs.For ?? DefaultTime, scope.Clock, ct);
        var last = await ReadAsync(client, self, ct);
        return new IdleState
        {
            For = inputs.For ?? DefaultTime,
            Clients = [.. first.Clients.Union(last.Clients).Order(StringComparer.Ordinal)],
            Commands = Difference(client, first.Info, last.Info),
        };
    }

    /// <inheritdoc/>
    public Verdict Judge(IdleState observed)
    {
        if (observed.Clients.IsEmpty && observed.Commands.IsEmpty)
            return Verdict.Ok;
        var commands = observed.Commands.Select(c => $"{c.Value} {c.Key}").DefaultIfEmpty("none");
        var clients = observed.Clients.Take(5).DefaultIfEmpty("none");
        return new Verdict.NotYet(
            $"{inputs.Connection} is in use: {observed.Clients.Length} clients ({string.Join(", ", clients)}), "
                + $"commands within {observed.For.TotalSeconds:0.###} s: {string.Join(", ", commands)}"
        );
    }

    private static async Task<(ImmutableHashSet<string> Clients, ServerInfo Info)> ReadAsync(
        RedisClient client,
        string self,
        CancellationToken ct
    )
    {
        var clients = await client.CallAsync(ct, "CLIENT", "LIST");
        var info = await ServerInfo.ReadAsync(client, ct, "server", "commandstats");
        return (
            [
                .. clients
                    .AsText()
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(Fields)
                    .Where(fields => fields["id"] != self && !IsReplication(fields["flags"]))
                    .Select(fields => $"{fields["addr"]} {Words.ToText(fields["name"])}".TrimEnd()),
            ],
            info
        );
    }

    // Flags of CLIENT LIST: S is a replica, M the master.
    private static bool IsReplication(string flags) => flags.Contains('S') || flags.Contains('M');

    private static Dictionary<string, string> Fields(string line) =>
        line.Split(' ')
            .Select(word => word.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, long> Difference(
        RedisClient client,
        ServerInfo first,
        ServerInfo last
    )
    {
        var before = first.Calls;
        var calls = last.Calls;
        if (first["run_id"] != last["run_id"] || before.Any(c => calls.GetValueOrDefault(c.Key) < c.Value))
        {
            throw OperationException.Transient(
                $"the counters of {client.Address} began again while they were watched (a restart, or CONFIG RESETSTAT): nothing is proven"
            );
        }
        return calls
            .Where(c => !Replication.Contains(c.Key))
            .Select(c =>
                KeyValuePair.Create(c.Key, c.Value - before.GetValueOrDefault(c.Key) - Own.GetValueOrDefault(c.Key))
            )
            .Where(c => c.Value > 0)
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}

/// <summary>The inputs of <c>redis.idle</c>.</summary>
public sealed record IdleInputs
{
    /// <summary>The server.</summary>
    [Connection("redis")]
    public required string Connection { get; init; }

    /// <summary>How long it is watched. Default 10 seconds.</summary>
    public TimeSpan? For { get; init; }
}

/// <summary>Who used the server while it was watched.</summary>
public sealed record IdleState
{
    /// <summary>How long it was watched.</summary>
    public required TimeSpan For { get; init; }

    /// <summary>Clients connected at the begin or at the end, by address and name; replicas, the master and this check left out.</summary>
    public required ImmutableArray<string> Clients { get; init; }

    /// <summary>Commands that ran meanwhile, how often each; replication's and this check's left out.</summary>
    public required ImmutableSortedDictionary<string, long> Commands { get; init; }
}

[JsonSerializable(typeof(IdleInputs))]
[JsonSerializable(typeof(IdleState))]
internal sealed partial class IdleJson : JsonSerializerContext;
