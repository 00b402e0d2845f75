using System.Collections.Immutable;
using System.Globalization;

namespace Belay.Connectors.HaProxy;

/// <summary>Reads the answer to <c>show servers state</c>, which is also the format of a state file (HAProxy Management Guide, 9.3, "show servers state", version 1).</summary>
internal static class ServersState
{
    private const int MaintFlags = 0x01 | 0x02 | 0x20 | 0x40;
    private const int DrainFlags = 0x08 | 0x10;
    private const int CheckConfigured = 0x02;
    private const int CheckEnabled = 0x04;
    private const int Stopped = 0;

    /// <summary>All servers of the text.</summary>
    /// <exception cref="FormatException">It is not in version 1 of the format, or a line of it cannot be read.</exception>
    public static ImmutableArray<ServerRow> Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines is not ["1", ['#', ' ', .. var header], .. var rows])
            throw new FormatException("not a servers' state of version 1");
        var columns = new Columns(header.Split(' '));
        return [.. rows.Select(row => Row(row.Split(' '), columns))];
    }

    private static ServerRow Row(string[] fields, Columns columns)
    {
        var checks = Number("srv_check_state");
        return new ServerRow(
            columns.Of(fields, "be_name"),
            columns.Of(fields, "srv_name"),
            Address(columns.Of(fields, "srv_addr"), columns.Of(fields, "srv_port")),
            AdminOf(Number("srv_admin_state")),
            Number("srv_op_state") != Stopped,
            Number("srv_uweight"),
            new CheckState((checks & CheckConfigured) != 0, (checks & CheckEnabled) != 0)
        );

        int Number(string column) => int.Parse(columns.Of(fields, column), CultureInfo.InvariantCulture);
    }

    private static string Address(string host, string port) =>
        host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";

    private static Admin AdminOf(int flags) =>
        (flags & MaintFlags) != 0 ? Admin.Maint
        : (flags & DrainFlags) != 0 ? Admin.Drain
        : Admin.Ready;
}
