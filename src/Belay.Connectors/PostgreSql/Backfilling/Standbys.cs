using System.Globalization;
using System.Runtime.CompilerServices;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Npgsql;

namespace Belay.Connectors.PostgreSql.Backfilling;

/// <summary>The standbys and subscribers of a server: work waits until none of them is too far behind.</summary>
/// <remarks>
/// PostgreSQL documentation, "The Cumulative Statistics System", view <c>pg_stat_replication</c>. By bytes, for the times it
/// gives stay as they were when a standby hangs.
/// </remarks>
internal sealed class Standbys(NpgsqlConnection session, string place, long most, TimeSpan limit, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits, and says for whom.</summary>
    /// <exception cref="OperationException">Refused: the role may not see them. Transient: one is too far behind, or none is connected, for too long.</exception>
    public async IAsyncEnumerable<string> CatchUpAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        var told = "";
        while (await BehindAsync(ct) is { } behind)
        {
            if (clock.GetElapsedTime(begun) > limit)
                throw OperationException.Transient(
                    $"{place}: after {Duration.Format(limit)} {behind}; it goes on from here once that is mended"
                );
            if (behind != told)
                yield return told = behind;
            await Task.Delay(Interval, clock, ct);
        }
    }

    // Null: nobody is too far behind.
    private async Task<string?> BehindAsync(CancellationToken ct)
    {
        var standbys = await session.ReadAsync(
            place,
            """
            SELECT application_name, pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), replay_lsn)::bigint, pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
            FROM pg_catalog.pg_stat_replication WHERE state IS DISTINCT FROM 'backup' ORDER BY 2 DESC NULLS FIRST
            """,
            row =>
                (
                    Name: row.GetString(0),
                    Bytes: row.IsDBNull(1) ? (long?)null : row.GetInt64(1),
                    MaySee: row.GetBoolean(2)
                ),
            ct
        );
        return standbys switch
        {
            [] => "no standby or subscriber is connected (leave lag-at-most out where there is none)",
            [{ MaySee: false }, ..] => throw OperationException.Refused(
                $"{place}: the role may not see how far standbys are: GRANT pg_read_all_stats to it, or leave lag-at-most out"
            ),
            [{ Bytes: null } unknown, ..] => $"it is not known how far {unknown.Name} is",
            [{ Bytes: { } bytes } slowest, ..] when bytes > most => string.Create(
                CultureInfo.InvariantCulture,
                $"{slowest.Name} is {bytes} bytes behind, at most {most} are allowed"
            ),
            _ => null,
        };
    }
}
