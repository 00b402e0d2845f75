using System.Net.Sockets;
using System.Text;

namespace Belay.Parts;

/// <summary>One question to a unix socket of HAProxy: it answers and closes (management guide, section 9.3).</summary>
internal static class HaProxySocket
{
    private const string PidLine = "\nPid: ";

    public static async Task<string> AskAsync(string path, string command, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), ct);
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync(ct)).Trim('\n');
    }

    /// <summary>The id of the process behind an admin socket; null while nobody answers.</summary>
    public static async Task<int?> ServingPidAsync(string path, CancellationToken ct)
    {
        try
        {
            var info = await AskAsync(path, "show info", ct);
            var start = info.IndexOf(PidLine, StringComparison.Ordinal);
            return start < 0 ? null : int.Parse(info[(start + PidLine.Length)..].Split('\n')[0]);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return null;
        }
    }
}
