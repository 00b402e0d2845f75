using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Redis;

/// <summary>Moves the writes from a server to its replica under a short freeze, and back by a reverse copy of the keys.</summary>
/// <remarks>The order of its steps, and what a crash leaves between each two, stands in the connector's README.</remarks>
public sealed class CutOver(CutOverInputs inputs, IScope scope) : IChange<CutOverState>
{
    private static readonly TimeSpan DefaultFreeze = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LeastFreeze = TimeSpan.FromMilliseconds(500);
    private static readonly Lazy<CutOverJson> Json = new(() => new CutOverJson(BelayJson.NewOptions()));
    private long? freezeMs = scope.Checkpoint?.Deserialize(Json.Value.CutOverCheckpoint)?.FreezeMs;

    /// <summary>The operation's definition.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<CutOverInputs, CutOverState>(
            "redis.cut-over",
            "Move the writes from a server to its replica, and the services with them",
            options => new CutOverJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch($"redis:{inputs.From}", TouchKind.Freeze),
                    new Touch($"redis:{inputs.From}", TouchKind.RouteAway),
                    new Touch($"redis:{inputs.To}", TouchKind.RouteTo) { Writer = inputs.To },
                    new Touch($"file:{inputs.Switch.File}", TouchKind.Modify),
                    new Touch($"redis:{inputs.From}", TouchKind.Thaw),
                ],
            (inputs, scope) => new CutOver(inputs, scope),
            validate: Validate
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    internal RedisSettings From { get; } = scope.Connection<RedisSettings>(inputs.From);

    internal RedisSettings To { get; } = scope.Connection<RedisSettings>(inputs.To);

    internal TimeSpan Deadline => inputs.AtMost ?? DefaultFreeze;

    internal TimeProvider Clock => scope.Clock;

    internal string FromName => inputs.From;

    internal string ToName => inputs.To;

    internal string NewEndpoint => inputs.Switch.Value ?? To.Address;

    private string EndpointPath => scope.PathOf(inputs.Switch.File);

    /// <inheritdoc/>
    public async ValueTask<CutOverState> ObserveAsync(CancellationToken ct)
    {
        await using var from = await OpenAsync(From, ct);
        await using var to = await OpenAsync(To, ct);
        return await ObserveAsync(from, to, ct);
    }

    /// <inheritdoc/>
    public Difference Plan(CutOverState observed)
    {
        DifferenceLine?[] lines =
        [
            observed.To.Master is { } master
                ? new($"role of {inputs.To}", $"replica of {master}", "accepts writes")
                : null,
            observed.From.MinReplicas == Fence.Closed
                ? null
                : new($"writes to {inputs.From}", "accepted", "refused with -NOREPLICAS"),
            observed.Endpoint == NewEndpoint
                ? null
                : new($"{inputs.Switch.Key} in {inputs.Switch.File}", observed.Endpoint, NewEndpoint),
        ];
        return Difference.Of(Reversal.Exact, lines.OfType<DifferenceLine>()) with
        {
            UndoCost = string.Create(
                CultureInfo.InvariantCulture,
                $"{observed.From.Keys:#,0} keys are copied back, writes frozen for at most {Duration.Format(Deadline)}"
            ),
        };
    }

    /// <inheritdoc/>
    public bool Same(CutOverState a, CutOverState b) =>
        a.Endpoint == b.Endpoint
        && a.From.Role == b.From.Role
        && a.From.MinReplicas == b.From.MinReplicas
        && a.From.MinReplicasMaxLag == b.From.MinReplicasMaxLag
        && a.To.Master == b.To.Master;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        CutOverState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var from = await OpenAsync(From, ct);
        await using var to = await OpenAsync(To, ct);
        await foreach (var progress in new WayForward(this, from, to).GoAsync(before, ct))
            yield return progress;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        CutOverState before,
        CutOverState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var from = await OpenAsync(From, ct);
        await using var to = await OpenAsync(To, ct);
        await foreach (var progress in new WayBack(this, from, to).GoAsync(before, ct))
            yield return progress;
    }

    internal async Task<CutOverState> ObserveAsync(RedisClient from, RedisClient to, CancellationToken ct)
    {
        var old = await ServerInfo.ReadAsync(from, ct, "replication", "keyspace");
        var fence = await Fence.ReadAsync(from, ct);
        var fresh = await ServerInfo.ReadAsync(to, ct, "replication", "keyspace");
        return new CutOverState
        {
            Endpoint = await EndpointFile.ReadAsync(EndpointPath, inputs.Switch.Key, ct),
            From = new OldServer
            {
                Role = old["role"],
                ReplicationId = old["master_replid"],
                MinReplicas = fence.Replicas,
                MinReplicasMaxLag = fence.MaxLag,
                Keys = old.Keys,
                Modules = await ModulesAsync(from, ct),
            },
            To = new NewServer
            {
                Master = fresh["role"] == "slave" ? $"{fresh["master_host"]}:{fresh["master_port"]}" : null,
                PromotedFrom = fresh["master_replid2"],
                Keys = fresh.Keys,
            },
            FreezeMs = freezeMs,
        };
    }

    /// <summary>Points the services to a server.</summary>
    internal Task SwitchAsync(string endpoint, CancellationToken ct) =>
        EndpointFile.WriteAsync(EndpointPath, inputs.Switch.Key, endpoint, ct);

    /// <summary>Progress that also keeps how long the freeze was.</summary>
    internal Progress Measured(TimeSpan freeze, string message)
    {
        freezeMs = (long)freeze.TotalMilliseconds;
        return new Progress
        {
            Message = message,
            Checkpoint = JsonSerializer.SerializeToElement(
                new CutOverCheckpoint { FreezeMs = freezeMs.Value },
                Json.Value.CutOverCheckpoint
            ),
        };
    }

    private static IEnumerable<InputProblem> Validate(CutOverInputs inputs)
    {
        if (inputs.From == inputs.To)
            yield return new InputProblem("to", "a cut-over leads to another server: name another connection");
        if (inputs.AtMost < LeastFreeze)
            yield return new InputProblem(
                "at-most",
                "a freeze needs at least 500ms: its deadline must outlast the promotion"
            );
        if (inputs.Switch.Value?.Contains('\n', StringComparison.Ordinal) is true)
            yield return new InputProblem("switch.value", "a value of one line is expected");
    }

    private Task<RedisClient> OpenAsync(RedisSettings settings, CancellationToken ct) =>
        RedisClient.OpenAsync(settings, scope.Clock, ct);

    private static async Task<ImmutableArray<string>> ModulesAsync(RedisClient client, CancellationToken ct)
    {
        var modules = await client.CallAsync(ct, "MODULE", "LIST");
        return [.. modules.AsMany().Select(module => module.AsMany()[1].AsText())];
    }
}
