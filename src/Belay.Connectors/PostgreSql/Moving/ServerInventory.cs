namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>What the two servers must be able to do: versions, settings, free slots and workers, Belay's own role, the way text is kept.</summary>
internal sealed class ServerInventory(Side from, Side to)
{
    // What was tried; slots can be set forward from 11 on.
    private const int LeastVersion = 130_000;
    private const int Major = 10_000;

    // The move's own, and those of the two tables that are copied at the same time by default.
    private const int CopySlots = 3;

    public async Task<IEnumerable<MoveFinding>> ReadAsync(CancellationToken ct) =>
        [
            .. Versions(),
            .. Judge(from, await ReadAsync(from, ct), CopySlots),
            .. Judge(to, await ReadAsync(to, ct), 1),
            .. await LocaleAsync(ct),
        ];

    private IEnumerable<MoveFinding> Versions()
    {
        if (from.Version < LeastVersion)
            yield return MoveFinding.Stop(from.Name, $"it is PostgreSQL {from.Version / Major}; moves begin at 13");
        if (to.Version / Major < from.Version / Major)
            yield return MoveFinding.Stop(
                to.Name,
                $"it is PostgreSQL {to.Version / Major}, older than {from.Version / Major} of {from.Name}: a move leads to the same version or a newer one"
            );
        if (from.Cluster == to.Cluster)
            yield return MoveFinding.Stop(
                to.Name,
                $"it is the same cluster as {from.Name}, or a copy of its files: a move leads to a cluster made by initdb"
            );
    }

    private static async Task<Settings> ReadAsync(Side side, CancellationToken ct) =>
        (
            await side.ReadAsync(
                """
                SELECT current_setting('wal_level'),
                    current_setting('max_replication_slots')::int - (SELECT count(*) FROM pg_replication_slots)::int,
                    current_setting('max_wal_senders')::int - (SELECT count(*) FROM pg_stat_replication)::int,
                    current_setting('max_logical_replication_workers')::int,
                    pg_is_in_recovery(),
                    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
                    (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database())
                """,
                row => new Settings(
                    row.GetString(0),
                    row.GetInt32(1),
                    row.GetInt32(2),
                    row.GetInt32(3),
                    row.GetBoolean(4),
                    row.GetBoolean(5),
                    row.GetInt64(6)
                ),
                ct
            )
        )[0];

    private static IEnumerable<MoveFinding> Judge(Side side, Settings read, int slots)
    {
        if (read.IsStandby)
            yield return MoveFinding.Stop(side.Name, "it is a standby and takes no writes: name the primary server");
        if (!read.IsSuperuser)
            yield return MoveFinding.Stop(
                side.Name,
                $"the role {side.Settings.User} is no superuser, which publishing all tables and subscribing need"
            );
        // Also on the new side: from there the old one is kept up to date after the switch.
        if (read.WalLevel != "logical")
            yield return MoveFinding.Stop(
                side.Name,
                $"wal_level is {read.WalLevel}: ALTER SYSTEM SET wal_level = 'logical', and restart it"
            );
        if (read.FreeSlots < slots)
            yield return MoveFinding.Stop(
                side.Name,
                $"{read.FreeSlots} replication slots are free, {slots} are needed: raise max_replication_slots, and restart it"
            );
        if (read.FreeSenders < slots)
            yield return MoveFinding.Stop(
                side.Name,
                $"{read.FreeSenders} senders are free, {slots} are needed: raise max_wal_senders, and restart it"
            );
        if (read.Workers < slots)
            yield return MoveFinding.Stop(
                side.Name,
                $"max_logical_replication_workers is {read.Workers}, {slots} are needed: raise it, and restart the server"
            );
        if (read.Prepared > 0)
            yield return MoveFinding.Stop(
                side.Name,
                $"{read.Prepared} prepared transactions are open (pg_prepared_xacts): end them by COMMIT PREPARED or ROLLBACK PREPARED"
            );
    }

    private async Task<IEnumerable<MoveFinding>> LocaleAsync(CancellationToken ct)
    {
        var (old, fresh) = (await LocaleAsync(from, ct), await LocaleAsync(to, ct));
        return old == fresh
            ? []
            :
            [
                MoveFinding.Stop(
                    to.Name,
                    $"it keeps text as {fresh}, and {from.Name} as {old}: sorting, comparing and indexes would differ; make the database with the same encoding and locale from template0"
                ),
            ];
    }

    // The columns came and were renamed with versions 15 and 17.
    private static async Task<string> LocaleAsync(Side side, CancellationToken ct) =>
        await side.ValueAsync<string>(
            """
            SELECT format('%s, collation %s, character type %s, provider %s', pg_encoding_to_char(encoding), datcollate, datctype,
                CASE coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') WHEN 'c' THEN 'libc'
                    ELSE coalesce(to_jsonb(d) ->> 'datlocprovider', '') || ' ' || coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', '') END)
            FROM pg_database d WHERE datname = current_database()
            """,
            ct
        ) ?? "";

    private sealed record Settings(
        string WalLevel,
        int FreeSlots,
        int FreeSenders,
        int Workers,
        bool IsStandby,
        bool IsSuperuser,
        long Prepared
    );
}
