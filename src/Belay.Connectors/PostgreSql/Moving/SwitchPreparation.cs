using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>All that can be found out and made ready before the freeze.</summary>
internal sealed class SwitchPreparation(Side from, Side to, IScope scope)
{
    // What a copy that keeps up may be behind.
    private const long Close = 1024 * 1024;

    /// <summary>Refuses what cannot be switched, waits until the copy keeps up, and makes the way back ready, at rest.</summary>
    /// <returns>The digest of the schema, the same on both sides.</returns>
    public async Task<string> RunAsync(CancellationToken ct)
    {
        var there = new ReplicationStream(from, to);
        if (!await there.IsSubscribedAsync(ct) || !await there.IsEnabledAsync(ct))
            throw OperationException.Refused($"{to.Name} does not follow {from.Name}: replicate first");
        await RefuseAsync(ct);
        await Patience.UntilAsync(
            async () =>
                await IsCopiedAsync(ct)
                && (
                    await there.BehindAsync(ct) <= Close
                    || await there.ReachesAsync(ReplicationStream.Soon, scope.Clock, ct)
                ),
            $"{to.Name} has not caught up with {from.Name}",
            scope.Clock,
            ct
        );
        var back = new ReplicationStream(to, from);
        await back.PublishAsync(ct);
        await back.KeepAsync(ct);
        await back.SubscribeAtRestAsync(scope.RunId, ct);
        // So that little is left to be read over in the freeze.
        await back.SkipAsync(ct);
        return await Catalog.DigestAsync(from, ct);
    }

    private async Task RefuseAsync(CancellationToken ct)
    {
        if (await Catalog.DifferencesAsync(from, to, ct) is { Length: > 0 } differing)
            throw OperationException.Refused(
                $"the schemas differ, replication does not carry changes of them: {differing}; make them the same by hand on {to.Name}, and stop migrations until the switch is done"
            );
        if (await from.SuperusersAsync(ct) is { Count: > 0 } superusers)
            throw OperationException.Refused(
                $"superusers cannot be kept out of {from.Name}, and these are connected: {string.Join(", ", superusers)}; have services log in as ordinary roles, and close the other sessions"
            );
        if (
            await from.ValueAsync<long>(
                "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()",
                ct
            )
            is > 0
                and var prepared
        )
            throw OperationException.Refused(
                $"{prepared} prepared transactions are open on {from.Name} (pg_prepared_xacts): end them by COMMIT PREPARED or ROLLBACK PREPARED"
            );
        if (await to.AdmitsAsync(ct) != 0)
            throw OperationException.Refused(
                $"{to.Name} admits sessions, so that both sides could be written to: {to.Admitting(0)}"
            );
        if (await to.EndSessionsAsync(ct) > 0)
            throw OperationException.Transient($"{to.Name} had sessions of users; they were ended, it admits none");
    }

    private async Task<bool> IsCopiedAsync(CancellationToken ct) =>
        !await to.AnyAsync(
            $"SELECT FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid WHERE s.subname = {Sql.Text(ReplicationStream.Name)} AND r.srsubstate <> 'r'",
            ct
        );
}
