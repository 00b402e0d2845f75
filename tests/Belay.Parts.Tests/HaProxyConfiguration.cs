namespace Belay.Parts.Tests;

internal static class HaProxyConfiguration
{
    /// <summary>A balancer on the port, in front of one server that nobody runs.</summary>
    public static string Text(HaProxyFiles files, int port) =>
        $"""
            global
                stats socket {files.Socket} level admin
                server-state-file {files.StateFile}
            defaults
                mode http
                retries 0
                timeout connect 1s
                timeout client 30s
                timeout server 30s
                load-server-state-from-file global
            frontend edge
                bind 127.0.0.1:{port}
                default_backend shop
            backend shop
                server web1 127.0.0.1:1 weight 10

            """;

    // The fields of "show servers state" are listed in HAProxy's management guide, section 9.3.
    public static bool Web1Drains(string state)
    {
        const int administrativeState = 6;
        const int forcedDrain = 0x08;
        var line = state.Split('\n').Single(line => line.Contains(" web1 ", StringComparison.Ordinal));
        return (int.Parse(line.Split(' ')[administrativeState]) & forcedDrain) != 0;
    }
}
