using System.Runtime.CompilerServices;
using Belay.Connectors.Redis.Keys;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>
/// A cut-over's way back: a copy of the keys from the new server to the old one by commands that both know, the last of
/// it under a short freeze. Never a resynchronisation: an older server cannot load a newer one's data, and a partial
/// one works only while the backlog lasts.
/// </summary>
internal sealed class WayBack(CutOver cutOver, RedisClient from, RedisClient to)
{
    // Keys copied without a freeze until so few change meanwhile that the freeze is short.
    private const int FewChanges = 200;
    private const int MostRounds = 20;
    private readonly TimeProvider clock = cutOver.Clock;
    private long? frozenSince;

    public async IAsyncEnumerable<Progress> GoAsync(CutOverState before, [EnumeratorCancellation] CancellationToken ct)
    {
        var now = await cutOver.ObserveAsync(from, to, ct);
        cutOver.RefuseForeignSwitch(now, before);
        // The files say who is the writer of record; while all name the old server, the new one holds nothing that is missing there.
        if (now.To.Master is null && cutOver.IsAnySwitched(now))
        {
            await foreach (var progress in CopyBackAsync(before, ct))
                yield return progress;
        }
        else if (now.To.Master is null)
        {
            await ReplicateAgainAsync(ct);
        }
        await from.CallAllAsync([Opened(before), Fence.Resume], ct);
        await cutOver.Endpoints.SwitchAsync(before.Endpoints, ct);
        // Writers that wait in the pause would be told -READONLY: closed instead, they look for the endpoint, which is switched by now.
        await to.CallAllAsync([.. Fence.CloseClients, Fence.Resume], ct);
        yield return Progress.Say(
            frozenSince is { } begun
                ? $"{Again(before)}; writes were frozen for {clock.GetElapsedTime(begun).TotalMilliseconds:0} ms"
                : Again(before)
        );
        await cutOver.ReloadAsync(ct);
    }

    private string Again(CutOverState before) =>
        $"services read {string.Join(", ", before.Endpoints.Distinct(StringComparer.Ordinal))} again, {cutOver.ToName} is a replica of {cutOver.FromName} again";

    private async IAsyncEnumerable<Progress> CopyBackAsync(
        CutOverState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        // A pause left by an interrupted cut-over would hold our own writes back too.
        await from.CallAllAsync(
            [Fence.Ask(Fence.Closed, before.From.MinReplicasMaxLag), .. Fence.CloseClients, Fence.Resume],
            ct
        );
        await using var changes = await KeyChanges.BeginAsync(cutOver.To, clock, ct);
        var copy = new KeyCopy(
            to,
            from,
            // The fence is lifted for our own writes only: around each batch, in one write.
            new KeyWriter(from, Opened(before), Fence.Ask(Fence.Closed, before.From.MinReplicasMaxLag))
        );
        // The second pass proves the first: it reads both sides again and writes only what differs.
        for (var pass = 1; pass <= 2; pass++)
        {
            var total = (await ServerInfo.ReadAsync(to, ct, "keyspace")).Keys;
            await foreach (var done in copy.AllAsync(ct))
                yield return Progress.Count(done, total, "keys", $"copying back, pass {pass}: {copy.Written} written");
        }
        await copy.FunctionsAsync(ct);
        await CatchUpAsync(copy, changes, ct);
        yield return Progress.Say($"freezing the writes to {cutOver.ToName}");
        await cutOver.Endpoints.PrepareAsync(before.Endpoints, ct);
        await FinishFrozenAsync(copy, changes, before, ct);
    }

    private async Task CatchUpAsync(KeyCopy copy, KeyChanges changes, CancellationToken ct)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var keys = await changes.TakeAsync(ct, to, from);
            await copy.TheseAsync(keys, ct);
            if (keys.Length <= FewChanges)
                return;
        }
    }

    /// <summary>Under a pause of the new server: copies the last changes, opens the old one, turns the new one into its replica.</summary>
    private async Task FinishFrozenAsync(KeyCopy copy, KeyChanges changes, CutOverState before, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        frozenSince = begun;
        await to.CallAsync(Fence.Pause(cutOver.Deadline), ct);
        var keys = await changes.TakeAsync(ct, to, from);
        await copy.TheseAsync(keys, ct);
        await copy.FunctionsAsync(ct);
        var differing = await copy.DifferingAsync(keys, ct);
        if (differing.Length > 0 || clock.GetElapsedTime(begun) > cutOver.Deadline / 2)
        {
            await to.CallAsync(Fence.Resume, ct);
            cutOver.Endpoints.Discard();
            throw OperationException.Transient(
                $"the last {keys.Length} changed keys were not copied back within half of the freeze of {cutOver.Deadline.TotalMilliseconds:0} ms "
                    + $"({differing.Length} still differ); {cutOver.ToName} accepts writes again, as before"
            );
        }
        await from.CallAsync(Opened(before), ct);
        await ReplicateAgainAsync(ct);
    }

    private async Task ReplicateAgainAsync(CancellationToken ct) =>
        await to.CallAsync(ct, "REPLICAOF", cutOver.From.Host, $"{cutOver.From.EffectivePort}");

    private static RespCommand Opened(CutOverState before) =>
        Fence.Restore(new(before.From.MinReplicas, before.From.MinReplicasMaxLag));
}
