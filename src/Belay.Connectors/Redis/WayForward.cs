using System.Runtime.CompilerServices;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>A cut-over's way from the old server to the new one. Begins anew, or goes on from wherever an earlier attempt was left.</summary>
internal sealed class WayForward(CutOver cutOver, RedisClient from, RedisClient to)
{
    // One PING of the replication stream (*1 $4 PING), which a server sends without any write; a write is never as short.
    private const long PingLength = 14;
    private static readonly TimeSpan SyncLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly TimeProvider clock = cutOver.Clock;

    public async IAsyncEnumerable<Progress> GoAsync(CutOverState before, [EnumeratorCancellation] CancellationToken ct)
    {
        var now = await cutOver.ObserveAsync(from, to, ct);
        if (cutOver.Plan(now).IsEmpty)
            yield break;
        Refuse(now, before);
        TimeSpan? freeze = null;
        if (now.To.Master is not null)
        {
            await WaitUntilInSyncAsync(ct);
            yield return Progress.Say($"{cutOver.ToName} is in sync; freezing the writes to {cutOver.FromName}");
            await cutOver.Endpoints.PrepareAsync(cutOver.Endpoints.New, ct);
            var begun = clock.GetTimestamp();
            await PromoteAsync(begun, before, ct);
            await cutOver.Endpoints.SwitchAsync(cutOver.Endpoints.New, ct);
            freeze = clock.GetElapsedTime(begun);
        }
        else
        {
            if (now.Endpoints.SequenceEqual(before.Endpoints))
                await RequireNoWriteSinceAsync(ct);
            await from.CallAsync(Closed(before), ct);
            await cutOver.Endpoints.SwitchAsync(cutOver.Endpoints.New, ct);
        }
        // Services see by their closed connection that there is something to look up: the file must be switched by then.
        await from.CallAllAsync([.. Fence.CloseClients, Fence.Resume], ct);
        var switched = $"services read {string.Join(", ", cutOver.Endpoints.New.Distinct(StringComparer.Ordinal))}";
        yield return freeze is { } time ? cutOver.Measured(time, switched) : Progress.Say(switched);
        await cutOver.ReloadAsync(ct);
        yield return Progress.Say($"no client is connected to {cutOver.FromName} any more");
    }

    private void Refuse(CutOverState now, CutOverState before)
    {
        var (old, name) = (now.From, cutOver.FromName);
        if (old.Role != "master")
            throw OperationException.Refused($"{name} is itself a replica: it accepts no writes that could be moved");
        if (!old.Modules.IsEmpty)
        {
            throw OperationException.Refused(
                $"{name} has modules ({string.Join(", ", old.Modules)}): their keys could not be copied back by commands, so there would be no way back"
            );
        }
        if (now.To.Master is { } master && master != cutOver.From.Address)
            throw OperationException.Refused($"{cutOver.ToName} is a replica of {master}, not of {name}");
        if (now.To.Master is null && now.To.PromotedFrom != old.ReplicationId)
        {
            throw OperationException.Refused(
                $"{cutOver.ToName} is no replica of {name} and was not promoted out of its present history: replicate first"
            );
        }
        cutOver.RefuseForeignSwitch(now, before);
        if (now.To.Master is not null && cutOver.IsAnySwitched(now))
            throw OperationException.Refused(
                $"services read {cutOver.ToName} already, and it is still a replica of {name}"
            );
    }

    private async Task WaitUntilInSyncAsync(CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        while (!await IsInSyncAsync(ct))
        {
            if (clock.GetElapsedTime(begun) > SyncLimit)
            {
                throw OperationException.Transient(
                    $"{cutOver.ToName} is not connected to {cutOver.FromName}; waited {SyncLimit.TotalSeconds:0} s"
                );
            }
            await Task.Delay(Interval, clock, ct);
        }
    }

    // The old server counts a replica as good only once it has heard from it after the full copy.
    private async Task<bool> IsInSyncAsync(CancellationToken ct)
    {
        var old = await ServerInfo.ReadAsync(from, ct, "replication");
        var fresh = await ServerInfo.ReadAsync(to, ct, "replication");
        return fresh["master_link_status"] == "up"
            && old.Replicas.Count > 0
            && old.Replicas.All(replica => replica.Contains("state=online", StringComparison.Ordinal));
    }

    /// <summary>Under a pause: arms the fence, waits for the last write to arrive, and promotes, which closes the fence.</summary>
    /// <remarks>What can be asked in one go is: every way to a server and back is a part of the freeze.</remarks>
    private async Task PromoteAsync(long begun, CutOverState before, CancellationToken ct)
    {
        var replicas = (await ServerInfo.ReadAsync(from, ct, "replication")).Number("connected_slaves");
        var answers = await from.CallAllAsync(
            [Fence.Pause(cutOver.Deadline), Fence.Ask((int)replicas, before.From.MinReplicasMaxLag), Replication],
            ct
        );
        var frozen = ServerInfo.Of(answers[^1]);
        if (frozen.Number("connected_slaves") != replicas || frozen.Number("min_slaves_good_slaves") != replicas)
        {
            await ThawAsync(before, ct);
            throw OperationException.Transient(
                $"not every replica of {cutOver.FromName} keeps up: {frozen.Number("min_slaves_good_slaves")} of {replicas}"
            );
        }
        if (!await ArrivesAsync(frozen.Number("master_repl_offset"), begun, ct))
        {
            await ThawAsync(before, ct);
            throw OperationException.Transient(
                $"{cutOver.ToName} had not received the last write within half of the freeze of {cutOver.Deadline.TotalMilliseconds:0} ms; {cutOver.FromName} accepts writes again"
            );
        }
        var promoted = await to.CallAllAsync([RespCommand.Of("REPLICAOF", "NO", "ONE"), Replication], ct);
        var closed = await from.CallAllAsync([Closed(before), Replication], ct);
        if (
            !IsWhole(ServerInfo.Of(closed[^1]), ServerInfo.Of(promoted[^1]))
            || clock.GetElapsedTime(begun) >= cutOver.Deadline
        )
        {
            await StepBackAsync(before, ct);
            throw OperationException.Transient(
                $"the freeze of {cutOver.FromName} ran out before {cutOver.ToName} was promoted; no service was switched, {cutOver.FromName} accepts writes again"
            );
        }
    }

    // Half of the deadline: the other half is for the promotion.
    private async Task<bool> ArrivesAsync(long offset, long begun, CancellationToken ct)
    {
        while ((await ServerInfo.ReadAsync(to, ct, "replication")).Number("slave_repl_offset") < offset)
        {
            if (clock.GetElapsedTime(begun) > cutOver.Deadline / 2)
                return false;
        }
        return true;
    }

    /// <summary>Whether the new server was promoted with every write that the old one ever accepted.</summary>
    private static bool IsWhole(ServerInfo old, ServerInfo fresh)
    {
        var missing = old.Number("master_repl_offset") - (fresh.Number("second_repl_offset") - 1);
        return fresh["master_replid2"] == old["master_replid"] && missing is 0 or PingLength;
    }

    private async Task RequireNoWriteSinceAsync(CancellationToken ct)
    {
        var old = await ServerInfo.ReadAsync(from, ct, "replication");
        var fresh = await ServerInfo.ReadAsync(to, ct, "replication");
        if (IsWhole(old, fresh))
            return;
        throw OperationException.Refused(
            $"{cutOver.FromName} accepted writes after {cutOver.ToName} was promoted, and services still read {cutOver.FromName}: roll this step back, then repeat it"
        );
    }

    private static RespCommand Replication { get; } = RespCommand.Of("INFO", "replication");

    private static RespCommand Closed(CutOverState before) => Fence.Ask(Fence.Closed, before.From.MinReplicasMaxLag);

    private async Task ThawAsync(CutOverState before, CancellationToken ct)
    {
        await from.CallAllAsync(
            [Fence.Restore(new(before.From.MinReplicas, before.From.MinReplicasMaxLag)), Fence.Resume],
            ct
        );
        cutOver.Endpoints.Discard();
    }

    private async Task StepBackAsync(CutOverState before, CancellationToken ct)
    {
        await to.CallAsync(ct, "REPLICAOF", cutOver.From.Host, $"{cutOver.From.EffectivePort}");
        await ThawAsync(before, ct);
    }
}
