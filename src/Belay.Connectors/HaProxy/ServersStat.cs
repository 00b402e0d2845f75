using System.Collections.Immutable;
using System.Globalization;

namespace Belay.Connectors.HaProxy;

/// <summary>Reads the answer to <c>show stat -1 4 -1</c>: one line of CSV for each server (HAProxy Management Guide, 9.1).</summary>
internal static class ServersStat
{
    /// <summary>What each server has to do.</summary>
    /// <exception cref="FormatException">It has no header, or a line of it cannot be read.</exception>
    public static ImmutableArray<ServerLoad> Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines is not [['#', ' ', .. var header], .. var rows])
            throw new FormatException("not the statistics of HAProxy");
        var columns = new Columns(header.Split(','));
        // The columns in use come before those with descriptions of checks, which may hold quoted commas.
        return [.. rows.Select(row => Row(row.Split(','), columns))];
    }

    private static ServerLoad Row(string[] fields, Columns columns) =>
        new(
            columns.Of(fields, "pxname"),
            columns.Of(fields, "svname"),
            Number(columns.Of(fields, "scur")) + Number(columns.Of(fields, "qcur")),
            Number(columns.Of(fields, "bck")) > 0
        );

    private static int Number(string field) => field.Length == 0 ? 0 : int.Parse(field, CultureInfo.InvariantCulture);
}
