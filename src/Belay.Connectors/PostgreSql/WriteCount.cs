using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>
/// Counts what was written since a snapshot, from the rows themselves: a row whose transaction (<c>xmin</c>) the snapshot does not
/// see was written since, and of the rows that it saw those that are no more visible were removed. An update counts as both.
/// </summary>
/// <remarks>Statistics would be cheaper, but they arrive late, and a crash of the server loses them.</remarks>
internal static class WriteCount
{
    /// <summary>What the number counts.</summary>
    public const string Unit = "rows written or removed (an update is both; those of migrations left out)";

    /// <summary>Counts; tables that are gone since do not count, for a restore brings their rows back.</summary>
    public static async Task<long> SinceAsync(Server server, ArchiveManifest manifest, CancellationToken ct)
    {
        await using var now = await Snapshot.TakeAsync(server, server.Database, ct);
        var saved = manifest.Contents.Tables.ToDictionary(t => t.Name, t => t.Rows, StringComparer.Ordinal);
        var migrations = await now.ReadAsync(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = $1 AND c.relkind = 'r'",
            row => row.GetString(0),
            ct,
            MigrationLedger.Table
        );
        var ours =
            migrations.Count == 0
                ? "false"
                : $"xmin IN ({string.Join(" UNION ALL ", migrations.Select(ledger => $"SELECT xmin FROM {ledger}"))})";
        long count = 0;
        foreach (var table in await now.Contents.TableNamesAsync(ct))
        {
            var (kept, written, migrated) = await CountAsync(now, table, manifest.Snapshot, ours, ct);
            var removed = saved.GetValueOrDefault(table) - kept - migrated;
            count += written + Math.Max(0, removed);
        }
        return count;
    }

    private static async Task<(long Kept, long Written, long Migrated)> CountAsync(
        Snapshot now,
        string table,
        string then,
        string ours,
        CancellationToken ct
    )
    {
        // xmin has 32 bits; the upper ones are those of the counter now, or one less when it has turned over since.
        var rows = await now.ReadAsync(
            $"""
            WITH here AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next),
            versions AS (
                SELECT pg_visible_in_snapshot(
                        (next - ((next - xmin::text::bigint) & 4294967295))::text::xid8, '{then}'::pg_snapshot) AS kept,
                    {ours} AS ours
                FROM ONLY {table}, here)
            SELECT count(*) FILTER (WHERE kept), count(*) FILTER (WHERE NOT kept AND NOT ours), count(*) FILTER (WHERE NOT kept AND ours)
            FROM versions
            """,
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            ct
        );
        return rows[0];
    }
}
