using System.Runtime.CompilerServices;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>A side, and what leads services to it.</summary>
internal sealed record Place(Side Side, string Endpoint);

/// <summary>Leads the writes to one of two sides, from wherever earlier attempts have left them: the log of switches says who has them.</summary>
internal sealed class SwitchCourse(Route route, Place old, Place fresh, TimeSpan atMost, IScope scope)
{
    // What of the freeze's time is there until the claim; the rest is for the release.
    private const double UntilClaim = 0.6;
    private const int AnyNumber = -1;

    /// <summary>How long the writes were frozen; null: not at all, or not yet.</summary>
    public TimeSpan? Freeze { get; private set; }

    /// <summary>Leads the writes to the new side, or to the old one.</summary>
    public async IAsyncEnumerable<Progress> LeadAsync(bool toNew, [EnumeratorCancellation] CancellationToken ct)
    {
        var (from, to) = toNew ? (old, fresh) : (fresh, old);
        var latest = await SwitchLog.LatestAsync(old.Side, fresh.Side, ct);
        if (latest is { IsOpen: true })
        {
            yield return Progress.Say("ending the freeze that an earlier attempt left");
            latest = await ThawAsync(latest, ct);
        }
        if (latest is { State: SwitchLog.Switched })
        {
            // Also when it led away from where we want to go: half a switch cannot be the begin of another one.
            yield return Progress.Say("making sure that the last switch is whole");
            await CompleteAsync(latest, ct);
        }
        if (WriterAfter(latest) == to)
        {
            // What an attempt that was thawed had made ready keeps the write-ahead log for nobody.
            await new ReplicationStream(from.Side, to.Side).RemoveAsync(scope.Clock, ct);
            yield break;
        }
        yield return Progress.Say($"waiting until {to.Side.Name} has caught up with {from.Side.Name}");
        var schema = await new SwitchPreparation(from.Side, to.Side, scope).RunAsync(ct);
        await route.PrepareAsync(to.Endpoint, ct);
        yield return Progress.Say($"freezing the writes to {from.Side.Name} for at most {Duration.Format(atMost)}");
        latest = await FreezeAsync(from, to, (latest?.Number ?? 0) + 1, schema, ct);
        yield return Progress.Say(
            $"{to.Side.Name} takes the writes; they were frozen for {Freeze?.TotalMilliseconds:0} ms"
        );
        await FollowAsync(from.Side, to.Side, latest, ct);
        yield return Progress.Say($"{from.Side.Name} follows {to.Side.Name}");
    }

    private Place WriterAfter(SwitchLog.Row? latest) =>
        latest is null ? old
        : latest.State == SwitchLog.Switched ? OtherThan(latest)
        : PlaceOf(latest);

    private Place PlaceOf(SwitchLog.Row row) => row.Side == old.Side.Identity ? old : fresh;

    private Place OtherThan(SwitchLog.Row row) => row.Side == old.Side.Identity ? fresh : old;

    /// <summary>Freezes, hands over, releases. Whatever goes wrong before the claim, the side that was frozen takes the writes again.</summary>
    private async Task<SwitchLog.Row> FreezeAsync(
        Place from,
        Place to,
        long number,
        string schema,
        CancellationToken ct
    )
    {
        var row = new SwitchLog.Row(
            number,
            from.Side.Identity,
            SwitchLog.Freezing,
            await from.Side.AdmitsAsync(ct) is not 0 and var admits ? admits : AnyNumber
        );
        await using var handOver = await HandOver.PrepareAsync(from.Side, to.Side, route, row, schema, scope, ct);
        // It is not disposed of: whatever fails after the claim, the services are released at the deadline.
        var deadline = await Deadline.ArmAsync(from.Side, to.Side, route.Keeper, row, atMost, scope.Clock, ct);
        // From here on nothing is cancelled from outside: what is begun is ended within the deadline.
        using var budget = new CancellationTokenSource(atMost * UntilClaim, scope.Clock);
        var begun = scope.Clock.GetTimestamp();
        try
        {
            await handOver.RunAsync(budget.Token);
            row = row with { State = SwitchLog.Switched };
        }
        catch (Exception e) when (e is OperationException or OperationCanceledException)
        {
            row = await ThawAsync(row, CancellationToken.None);
            if (row.State != SwitchLog.Switched)
            {
                await deadline.EndAsync();
                throw Thawed(from, handOver, e);
            }
        }
        await ReleaseAsync(to, row, CancellationToken.None);
        Freeze = scope.Clock.GetElapsedTime(begun);
        await deadline.EndAsync();
        return row;
    }

    private OperationException Thawed(Place from, HandOver handOver, Exception e)
    {
        var asBefore = $"nothing was switched, {from.Side.Name} takes the writes as before";
        return e is OperationException { Kind: FailureKind.Refused }
            ? OperationException.Refused($"{asBefore}: {e.Message}", e)
            : OperationException.Transient(
                e is OperationException
                    ? $"{asBefore}: {e.Message}"
                    : $"{asBefore}: {handOver.Doing} was not done within {Duration.Format(atMost * UntilClaim)}",
                e
            );
    }

    /// <summary>Ends a freeze, unless its switch was claimed already.</summary>
    /// <returns>The row as it is then.</returns>
    private async Task<SwitchLog.Row> ThawAsync(SwitchLog.Row row, CancellationToken ct)
    {
        var frozen = PlaceOf(row);
        await Deadline.DisarmAsync(frozen.Side, ct);
        route.Keeper?.Forget();
        row = row with { State = await SwitchLog.ThawAsync(frozen.Side, row, ct) };
        if (row.State == SwitchLog.Switched)
            return row;
        // A hold that still waits for transactions keeps its console busy.
        await route.RenewAsync(ct);
        var standing = await route.ReadAsync(ct);
        if (standing.Endpoint != frozen.Endpoint || (standing.Loaded ?? frozen.Endpoint) != frozen.Endpoint)
            await route.LeadAsync(frozen.Endpoint, ct);
        await route.ReleaseAsync(ct);
        return row;
    }

    /// <summary>Does what is left of a switch that was claimed.</summary>
    private async Task CompleteAsync(SwitchLog.Row row, CancellationToken ct)
    {
        var (left, reached) = (PlaceOf(row), OtherThan(row));
        await Deadline.DisarmAsync(left.Side, ct);
        var back = new ReplicationStream(reached.Side, left.Side);
        // The last that a switch does: once it is done, all of it is.
        if (await back.IsSubscribedAsync(ct) && await back.IsEnabledAsync(ct))
            return;
        await ReleaseAsync(reached, row, ct);
        await FollowAsync(left.Side, reached.Side, row, ct);
        route.Keeper?.Forget();
    }

    private async Task ReleaseAsync(Place to, SwitchLog.Row row, CancellationToken ct)
    {
        await to.Side.AdmitAsync(row.Admits, ct);
        await route.LeadAsync(to.Endpoint, ct);
        await route.ReleaseAsync(ct);
    }

    /// <summary>Turns the replication round. In this order no row goes in a circle: what leads there ends before what leads back begins.</summary>
    private async Task FollowAsync(Side left, Side reached, SwitchLog.Row row, CancellationToken ct)
    {
        var there = new ReplicationStream(left, reached);
        if (await there.IsSubscribedAsync(ct))
            // The claim is the last that was written here.
            await Patience.UntilAsync(
                () => SwitchLog.HasStateAsync(reached, row.Number, SwitchLog.Switched, ct),
                $"{reached.Name} has not received the last row of {left.Name}",
                scope.Clock,
                ct
            );
        await there.RemoveAsync(scope.Clock, ct);
        await new ReplicationStream(reached, left).StartAsync(ct);
    }
}
