using System.Net.Sockets;
using System.Text;

namespace Belay.Parts.Tests;

internal static class Wire
{
    /// <summary>Sends text to a port of 127.0.0.1 and reads the first line of the answer.</summary>
    public static async Task<string?> FirstLineAsync(int port, string text, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, ct);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), ct);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(ct);
    }
}
