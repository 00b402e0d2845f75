using System.Globalization;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>
/// Who may write, as a table in both databases of a move. A row is one switch away from a side; it is written at that side
/// only, and replicated. Its state is the one claim for which the switch and the end of the freeze race: each of the two
/// is one UPDATE that finds the row as it was, or finds nothing.
/// </summary>
internal static class SwitchLog
{
    /// <summary>The schema that a move keeps its own things in.</summary>
    public const string Schema = "belay_move";

    private const string Table = $"{Schema}.switches";
    private const string Open = $"('{Freezing}', '{Frozen}')";

    /// <summary>The side is about to be frozen.</summary>
    public const string Freezing = "freezing";

    /// <summary>Nobody writes to the side any more; the row itself, written after that, is the marker that the other side must see.</summary>
    public const string Frozen = "frozen";

    /// <summary>The side takes writes again: nothing was switched.</summary>
    public const string Thawed = "thawed";

    /// <summary>The other side takes the writes.</summary>
    public const string Switched = "switched";

    /// <summary>The statements that make the table.</summary>
    public static IEnumerable<string> Creation =>
        [
            $"CREATE SCHEMA IF NOT EXISTS {Schema}",
            $"CREATE TABLE IF NOT EXISTS {Table} (n bigint PRIMARY KEY, side text NOT NULL, state text NOT NULL, admits int NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())",
        ];

    /// <summary>Whether a side has the table.</summary>
    public static Task<bool> ExistsAsync(Side side, CancellationToken ct) =>
        side.ValueAsync<bool>($"SELECT to_regclass('{Table}') IS NOT NULL", ct);

    /// <summary>The latest row of both sides; null: no switch was ever begun.</summary>
    public static async Task<Row?> LatestAsync(Side one, Side other, CancellationToken ct)
    {
        // A side knows best of its own rows; of the other's it has a copy that may be late.
        var rows = (await RowsAsync(one, ct)).Concat(await RowsAsync(other, ct));
        return rows.MaxBy(row => row.Number);
    }

    /// <summary>Writes a new row at the side that is going to be frozen.</summary>
    public static Task BeginAsync(Side side, long number, int admits, CancellationToken ct) =>
        side.RunAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"INSERT INTO {Table} (n, side, state, admits) VALUES ({number}, {Sql.Text(side.Identity)}, '{Freezing}', {admits})"
            ),
            ct
        );

    /// <summary>Has a side admit no sessions any more, unless its deadline has ended the freeze before.</summary>
    public static Task CloseAsync(Side side, Row row, CancellationToken ct) =>
        side.RunAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                DO $belay$ BEGIN
                UPDATE {Table} SET at = clock_timestamp() WHERE n = {row.Number} AND state = '{Freezing}';
                IF FOUND THEN {side.Admitting(0)}; END IF;
                END $belay$
                """
            ),
            ct
        );

    /// <summary>Writes the marker.</summary>
    /// <returns>False: the deadline has ended the freeze before.</returns>
    public static Task<bool> MarkAsync(Side side, long number, CancellationToken ct) =>
        ChangeAsync(side, number, Frozen, $"= '{Freezing}'", ct);

    /// <summary>Claims the switch.</summary>
    /// <returns>False: the deadline has ended the freeze before.</returns>
    public static Task<bool> ClaimAsync(Side side, long number, CancellationToken ct) =>
        ChangeAsync(side, number, Switched, $"= '{Frozen}'", ct);

    /// <summary>Whether a side has a row in this state, be it its own or one that was replicated.</summary>
    public static Task<bool> HasStateAsync(Side side, long number, string state, CancellationToken ct) =>
        side.AnyAsync($"SELECT FROM {Table} WHERE n = $1 AND state = $2", ct, number, state);

    /// <summary>Ends a freeze that nobody has switched yet: claims it and admits sessions again, in one transaction.</summary>
    /// <returns>The state of the row afterwards.</returns>
    public static async Task<string> ThawAsync(Side side, Row row, CancellationToken ct)
    {
        await side.RunAsync(Thawing(side, row.Number, row.Admits, after: null), ct);
        return await side.ValueAsync<string>($"SELECT state FROM {Table} WHERE n = $1", ct, row.Number)
            ?? throw OperationException.Refused($"{side.Place}: the row {row.Number} of {Table} is gone");
    }

    /// <summary>The statement that ends a freeze, now or after a time. The server carries it out to its end whatever becomes of the client.</summary>
    public static string Thawing(Side side, long number, int admits, TimeSpan? after) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            DO $belay$ BEGIN
            {(after is { } wait ? $"PERFORM pg_sleep({wait.TotalSeconds});" : "")}
            UPDATE {Table} SET state = '{Thawed}', at = clock_timestamp() WHERE n = {number} AND state IN {Open};
            IF FOUND THEN {side.Admitting(admits)}; END IF;
            END $belay$
            """
        );

    /// <summary>The query for the state of a row.</summary>
    public static string Asking(long number) =>
        string.Create(CultureInfo.InvariantCulture, $"SELECT state FROM {Table} WHERE n = {number}");

    private static async Task<bool> ChangeAsync(
        Side side,
        long number,
        string state,
        string found,
        CancellationToken ct
    ) =>
        (
            await side.ReadAsync(
                $"UPDATE {Table} SET state = '{state}', at = clock_timestamp() WHERE n = $1 AND state {found} RETURNING n",
                row => row.GetInt64(0),
                ct,
                number
            )
        ).Count > 0;

    private static async Task<List<Row>> RowsAsync(Side side, CancellationToken ct) =>
        await ExistsAsync(side, ct)
            ? await side.ReadAsync(
                $"SELECT n, side, state, admits FROM {Table} WHERE side = $1 ORDER BY n DESC LIMIT 1",
                row => new Row(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3)),
                ct,
                side.Identity
            )
            : [];

    /// <summary>One switch away from a side.</summary>
    /// <param name="Number">Which switch of this move.</param>
    /// <param name="Side">The side's <see cref="Moving.Side.Identity"/>.</param>
    /// <param name="State">How far it has come.</param>
    /// <param name="Admits">How many sessions the side admitted before.</param>
    public sealed record Row(long Number, string Side, string State, int Admits)
    {
        /// <summary>Whether the freeze is neither switched nor ended.</summary>
        public bool IsOpen => State is Freezing or Frozen;
    }
}
