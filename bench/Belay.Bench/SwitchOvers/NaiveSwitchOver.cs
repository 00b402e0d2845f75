using Belay.Bench.Contenders;
using Belay.Parts;

namespace Belay.Bench.SwitchOvers;

/// <summary>
/// What many runbooks say: logical replication until the copy has caught up, sequences by the greatest number in use, the
/// pooler is led to the new server, the subscription is dropped. Nobody is held back.
/// </summary>
internal sealed class NaiveSwitchOver : IDatabaseMove
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public string Name => "replicate, sequences by max(), switch, no freeze";

    public bool HasWayBack => false;

    public async Task<TimeSpan?> ThereAsync(DatabaseSite site, CancellationToken ct)
    {
        var (old, fresh) = (site.Pair.Old, site.Pair.New);
        await site.RunAsync(
            $"pg_dump -s -h 127.0.0.1 -p {old.Port} -U {PostgresServer.User} {site.Name} | psql -X -q -h 127.0.0.1 -p {fresh.Port} -U {PostgresServer.User} -d {site.Name}",
            ct
        );
        await old.ExecuteAsync("CREATE PUBLICATION naive FOR ALL TABLES", site.Name, ct);
        await fresh.ExecuteAsync(
            $"CREATE SUBSCRIPTION naive CONNECTION 'host=127.0.0.1 port={old.Port} user={PostgresServer.User} dbname={site.Name}' PUBLICATION naive WITH (slot_name = '{site.Name}')",
            site.Name,
            ct
        );
        await UntilAsync(fresh, site, "SELECT bool_and(srsubstate = 'r') FROM pg_subscription_rel", ct);
        await UntilAsync(
            old,
            site,
            $"SELECT pg_current_wal_lsn() - confirmed_flush_lsn < 100000 FROM pg_replication_slots WHERE slot_name = '{site.Name}'",
            ct
        );
        await fresh.ExecuteAsync(
            "SELECT setval('orders_number_seq', (SELECT max(number) FROM orders)), setval('invoices', (SELECT max(invoice) FROM orders))",
            site.Name,
            ct
        );
        await site.PointAsync(ct);
        await site.CommandAsync("RELOAD", ct);
        await fresh.ExecuteAsync("DROP SUBSCRIPTION naive", site.Name, ct);
        return null;
    }

    public Task<TimeSpan?> BackAsync(DatabaseSite site, CancellationToken ct) => Task.FromResult<TimeSpan?>(null);

    private static async Task UntilAsync(PostgresServer server, DatabaseSite site, string sql, CancellationToken ct)
    {
        if (!await Poll.UntilAsync(async () => await server.ExecuteAsync(sql, site.Name, ct) is true, Patience, ct))
            throw new ContenderException($"it did not come to that within {Patience}: {sql}");
    }
}
