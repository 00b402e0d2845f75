using System.Globalization;
using System.Runtime.CompilerServices;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Redis;

/// <summary>Makes one server the replica of another and waits until it has caught up.</summary>
public sealed class Replicate(ReplicateInputs inputs, IScope scope) : IChange<ReplicateState>
{
    // What a replica that keeps up may be behind: less than a busy second of small commands.
    private const long Close = 64 * 1024;
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>The operation's definition.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<ReplicateInputs, ReplicateState>(
            "redis.replicate",
            "Make a server the replica of another, and wait until it has caught up",
            options => new ReplicateJson(options),
            Reversal.Never,
            inputs =>
                [
                    new Touch($"redis:{inputs.From}", TouchKind.Read),
                    new Touch($"redis:{inputs.To}", TouchKind.Modify)
                    {
                        Copies = $"redis:{inputs.From}",
                        Uses = [$"redis:{inputs.From}"],
                    },
                ],
            (inputs, scope) => new Replicate(inputs, scope),
            ReversalOf,
            inputs =>
                inputs.From == inputs.To
                    ? [new InputProblem("to", "a server cannot copy itself: name another connection")]
                    : []
        );

    private bool IsSecure => Source.Tls is true;

    private RedisSettings Source { get; } = scope.Connection<RedisSettings>(inputs.From);

    private RedisSettings Target { get; } = scope.Connection<RedisSettings>(inputs.To);

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<ReplicateState> ObserveAsync(CancellationToken ct)
    {
        await using var source = await RedisClient.OpenAsync(Source, scope.Clock, ct);
        await using var target = await RedisClient.OpenAsync(Target, scope.Clock, ct);
        return await ObserveAsync(source, target, ct);
    }

    /// <inheritdoc/>
    public Difference Plan(ReplicateState observed) =>
        IsDone(observed)
            ? Difference.None
            : Difference.Of(
                ReversalOf(inputs),
                [
                    new DifferenceLine(
                        $"role of {inputs.To}",
                        observed.To.Master is { } master ? $"replica of {master}" : "master",
                        $"replica of {Source.Address}"
                    ),
                    new DifferenceLine($"keys of {inputs.To}", $"{observed.To.Keys}", $"all keys of {inputs.From}")
                    {
                        Moves = true,
                    },
                    .. TlsLines(observed.To.Tls),
                    .. Refusal(observed) is { } why
                        ? [new DifferenceLine("this will be refused", null, why)]
                        : Array.Empty<DifferenceLine>(),
                ]
            );

    /// <inheritdoc/>
    public bool Same(ReplicateState a, ReplicateState b) =>
        a.To.Role == b.To.Role
        && a.To.Master == b.To.Master
        && a.To.Keys == 0 == (b.To.Keys == 0)
        // A journal of an earlier version has no settings of TLS.
        && (a.To.Tls is null || b.To.Tls is null || a.To.Tls == b.To.Tls);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        ReplicateState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var source = await RedisClient.OpenAsync(Source, scope.Clock, ct);
        await using var target = await RedisClient.OpenAsync(Target, scope.Clock, ct);
        var now = await ObserveAsync(source, target, ct);
        if (IsDone(now))
            yield break;
        if (Refusal(now) is { } why)
            throw OperationException.Refused(why);
        if (now.To.Master != Source.Address)
            await BeginAsync(target, now.To.Tls, ct);
        yield return Progress.Say($"{inputs.To} asks {Source.Address} for a full copy");
        await foreach (var progress in FollowAsync(source, target, ct))
            yield return progress;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        ReplicateState before,
        ReplicateState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var source = await RedisClient.OpenAsync(Source, scope.Clock, ct);
        await using var target = await RedisClient.OpenAsync(Target, scope.Clock, ct);
        var now = await ObserveAsync(source, target, ct);
        if (now.To.Master == Source.Address)
        {
            await target.CallAsync(ct, "REPLICAOF", "NO", "ONE");
            yield return Progress.Say($"{inputs.To} copies nobody any more");
        }
        else if (now.To.Keys > 0 && !IsUntouchedCopy(now))
        {
            throw OperationException.Refused(
                $"{inputs.To} holds {now.To.Keys} keys that are not merely a copy of {inputs.From}: it was written to. They are left as they are"
            );
        }
        await target.CallAllAsync(
            [
                RespCommand.Of("FLUSHALL"),
                RespCommand.Of("FUNCTION", "FLUSH"),
                .. Entrance(before.To.MasterUser, before.To.MasterAuth),
                .. ReplicaTls.Change(now.To.Tls, before.To.Tls),
            ],
            ct
        );
        yield return Progress.Say($"{inputs.To} is empty as before");
    }

    private static Reversal ReversalOf(ReplicateInputs inputs) =>
        inputs.DiscardTarget is true ? Reversal.Never : Reversal.Exact;

    // A target that copies nobody is done only when a cut-over promoted it out of this very history: then the source is
    // fenced. One that a rollback promoted and emptied remembers the same history, and its source is open again.
    private bool IsDone(ReplicateState state) =>
        state.To.Master is { } master
            ? master == Source.Address && state.To.InSync && state.To.Behind <= Close
            : state.From.IsFenced && state.To.PromotedFrom == state.From.ReplicationId;

    private static bool IsUntouchedCopy(ReplicateState state) =>
        state.To.PromotedFrom == state.From.ReplicationId && !state.To.WrittenSincePromotion;

    private string? Refusal(ReplicateState state)
    {
        var (from, to) = (state.From, state.To);
        if (from.Role != "master")
            return $"{inputs.From} is itself a replica: replicate from its master";
        if (!IsSecure && inputs.Tls is not null)
            return $"the connection {inputs.From} does not speak TLS: leave out tls, or say tls: true there";
        if (IsSecure && ReplicaTls.Lack(ReplicaTls.Wanted(to.Tls, inputs.Tls, IsSecure), inputs.To) is { } lack)
            return lack;
        if (to.Master is { } master && master != Source.Address)
            return $"{inputs.To} is a replica of {master} already";
        if (to.Master is null && to.Keys > 0 && inputs.DiscardTarget is not true)
            return $"{inputs.To} holds {to.Keys} keys, which replication would remove: empty it, or say discard-target: true";
        return to.MaxMemory > 0 && to.MaxMemory < from.UsedMemory
            ? $"{inputs.To} cannot hold the data: its maxmemory is {to.MaxMemory} bytes ({to.MaxMemoryPolicy}), "
                + $"and {inputs.From} uses {from.UsedMemory} bytes; raise maxmemory of {inputs.To}"
            : null;
    }

    private IEnumerable<DifferenceLine> TlsLines(TargetTls? now) =>
        now is not null && now.Replication != IsSecure
            ? [new DifferenceLine($"link of {inputs.To} to its source", Link(now.Replication), Link(IsSecure))]
            : [];

    private static string Link(bool isSecure) => isSecure ? "TLS" : "plain";

    private async Task BeginAsync(RedisClient target, TargetTls? tls, CancellationToken ct) =>
        await target.CallAllAsync(
            [
                .. Entrance(Source.User, Source.Password),
                .. ReplicaTls.Change(tls, ReplicaTls.Wanted(tls, inputs.Tls, IsSecure)),
                RespCommand.Of("REPLICAOF", Source.Host, Source.EffectivePort.ToString(CultureInfo.InvariantCulture)),
            ],
            ct
        );

    private static IEnumerable<RespCommand> Entrance(string? user, Secret? password) =>
        [
            Configuration.Set("masteruser", Words.FromText(user ?? "")),
            Configuration.Set("masterauth", Words.FromText(password?.Reveal() ?? "")),
        ];

    private async IAsyncEnumerable<Progress> FollowAsync(
        RedisClient source,
        RedisClient target,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var begun = scope.Clock.GetTimestamp();
        var told = -1L;
        while (true)
        {
            var state = await ObserveAsync(source, target, ct);
            if (IsDone(state))
                break;
            if (scope.Clock.GetElapsedTime(begun) > (inputs.AtMost ?? DefaultLimit))
            {
                throw OperationException.OutcomeUnknown(
                    $"{inputs.To} has not caught up with {inputs.From} within {(inputs.AtMost ?? DefaultLimit).TotalSeconds:0} s "
                        + $"(in sync: {state.To.InSync}, {state.To.Behind} bytes behind): its log says why; a refused password or certificate is the commonest reason"
                );
            }
            var info = await ServerInfo.ReadAsync(target, ct, "replication");
            if (info.Number("master_sync_read_bytes") is var read && read != told)
            {
                told = read;
                // A copy that is not written to disk first has no total.
                var total = info.Number("master_sync_total_bytes") is > 0 and var bytes ? bytes : (long?)null;
                yield return Progress.Count(read, total, "bytes", "full copy");
            }
            await Task.Delay(Interval, scope.Clock, ct);
        }
        var keys = (await ServerInfo.ReadAsync(target, ct, "keyspace")).Keys;
        yield return Progress.Count(keys, keys, "keys", $"{inputs.To} has caught up");
    }

    private static async Task<ReplicateState> ObserveAsync(RedisClient source, RedisClient target, CancellationToken ct)
    {
        var to = await ServerInfo.ReadAsync(target, ct, "replication", "keyspace", "memory");
        var from = await ServerInfo.ReadAsync(source, ct, "replication", "keyspace", "memory");
        var fence = await Fence.ReadAsync(source, ct);
        var isReplica = to["role"] == "slave";
        return new ReplicateState
        {
            From = new ReplicationSource
            {
                ReplicationId = from["master_replid"],
                Role = from["role"],
                IsFenced = fence.Replicas == Fence.Closed,
                Keys = from.Keys,
                UsedMemory = from.Number("used_memory"),
            },
            To = new ReplicationTarget
            {
                Role = to["role"],
                Master = isReplica ? $"{to["master_host"]}:{to["master_port"]}" : null,
                PromotedFrom = to["master_replid2"],
                WrittenSincePromotion = to.Number("second_repl_offset") != to.Number("master_repl_offset") + 1,
                InSync = isReplica && to["master_link_status"] == "up" && to["master_sync_in_progress"] == "0",
                Behind = isReplica
                    ? Math.Max(0, from.Number("master_repl_offset") - to.Number("slave_repl_offset"))
                    : 0,
                Keys = to.Keys,
                MaxMemory = to.Number("maxmemory"),
                MaxMemoryPolicy = to["maxmemory_policy"],
                MasterUser = NullIfEmpty(await Configuration.ReadAsync(target, "masteruser", ct)),
                MasterAuth = NullIfEmpty(await Configuration.ReadAsync(target, "masterauth", ct)) is { } password
                    ? new Secret(password)
                    : null,
                Tls = await ReplicaTls.ReadAsync(target, ct),
            },
        };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
