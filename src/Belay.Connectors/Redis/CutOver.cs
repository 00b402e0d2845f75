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
                    .. inputs
                        .AllSwitches.Select(one => one.File)
                        .Distinct(StringComparer.Ordinal)
                        .Select(file => new Touch($"file:{file}", TouchKind.Modify)),
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

    internal Endpoints Endpoints { get; } = new(inputs, scope, scope.Connection<RedisSettings>(inputs.To).Address);

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
            .. inputs.AllSwitches.SelectMany((one, i) => LinesOf(one, observed, i)),
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
        a.Endpoints.SequenceEqual(b.Endpoints)
        && a.NotReloaded.SequenceEqual(b.NotReloaded)
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
        var endpoints = await Endpoints.ReadAsync(ct);
        return new CutOverState
        {
            Endpoint = endpoints[0],
            OtherEndpoints = endpoints.RemoveAt(0),
            NotReloaded = Endpoints.NotReloaded,
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

    /// <summary>Whether a file names the new server: then writes may have gone there.</summary>
    internal bool IsAnySwitched(CutOverState now) =>
        now.Endpoints.Zip(Endpoints.New).Any(pair => pair.First == pair.Second);

    /// <summary>Refuses to go on from values that this step did not write.</summary>
    /// <exception cref="OperationException">Refused: somebody else changed a file.</exception>
    internal void RefuseForeignSwitch(CutOverState now, CutOverState before)
    {
        if (now.Endpoints.Length != before.Endpoints.Length)
        {
            throw OperationException.Refused(
                $"{before.Endpoints.Length} files were to be switched when this step began, and now {now.Endpoints.Length}: name the same ones, or roll this step back first"
            );
        }
        for (var i = 0; i < now.Endpoints.Length; i++)
        {
            var (read, was, shall) = (now.Endpoints[i], before.Endpoints[i], Endpoints.New[i]);
            if (read != was && read != shall)
            {
                throw OperationException.Refused(
                    $"{inputs.AllSwitches[i].File} names {read}, which is neither {was} as before nor {shall}: somebody else changed it"
                );
            }
        }
    }

    /// <summary>Tells the services that must be told.</summary>
    /// <exception cref="OperationException">Transient: a command failed; it is run again when the step is.</exception>
    internal async Task ReloadAsync(CancellationToken ct)
    {
        var failures = await Endpoints.ReloadAsync(ct);
        if (!failures.IsEmpty)
            throw OperationException.Transient(
                $"services were switched, but not all could be told: {string.Join("; ", failures)}"
            );
    }

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
        if (inputs.Switch is null == inputs.Switches.IsEmpty)
            yield return new InputProblem("switch", "say either switch or switches");
        foreach (var problem in inputs.AllSwitches.SelectMany((one, i) => Problems(one, inputs, i)))
            yield return problem;
    }

    private static IEnumerable<InputProblem> Problems(EndpointSwitch one, CutOverInputs inputs, int number)
    {
        var at = inputs.Switch is null ? $"switches.{number}" : "switch";
        if (one.Value?.Contains('\n', StringComparison.Ordinal) is true)
            yield return new InputProblem($"{at}.value", "a value of one line is expected");
        if (inputs.AllSwitches.Take(number).Any(other => (other.File, other.Key) == (one.File, one.Key)))
            yield return new InputProblem($"{at}.key", $"{one.Key} of {one.File} is named twice");
    }

    private IEnumerable<DifferenceLine> LinesOf(EndpointSwitch one, CutOverState observed, int number)
    {
        var (now, wanted) = (observed.Endpoints[number], Endpoints.New[number]);
        if (now != wanted)
            yield return new DifferenceLine($"{one.Key} in {one.File}", now, wanted);
        // Told from the begin: what is left of a step that was interrupted must be a part of what was planned.
        if (!one.Reload.IsEmpty && (now != wanted || observed.NotReloaded.Contains(one.File)))
            yield return new DifferenceLine($"services that read {one.File}", "not told", "told");
    }

    private Task<RedisClient> OpenAsync(RedisSettings settings, CancellationToken ct) =>
        RedisClient.OpenAsync(settings, scope.Clock, ct);

    private static async Task<ImmutableArray<string>> ModulesAsync(RedisClient client, CancellationToken ct)
    {
        var modules = await client.CallAsync(ct, "MODULE", "LIST");
        return [.. modules.AsMany().Select(module => module.AsMany()[1].AsText())];
    }
}
