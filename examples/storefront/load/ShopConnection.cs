using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Storefront.Load;

/// <summary>
/// One keep-alive HTTP/1.1 connection to the shop. The platform's client is not used on purpose: it sends a request
/// again when a kept connection turns out to be closed, and this program must count exactly that as a failure.
/// </summary>
internal sealed class ShopConnection(int port) : IDisposable
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private Socket? _socket;

    public async Task<ShopAnswer> SendAsync(ShopRequest request, CancellationToken ct)
    {
        try
        {
            _socket ??= await OpenAsync(ct);
            var bytes = request.ToBytes().AsMemory();
            while (!bytes.IsEmpty)
                bytes = bytes[await _socket.SendAsync(bytes, ct)..];
            var (answer, close) = await ReadAsync(_socket, ct);
            if (close)
                Close();
            return answer;
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private async Task<Socket> OpenAsync(CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    /// <summary>Every page of the shop, and of the balancer, states the length of its body.</summary>
    private async Task<(ShopAnswer Answer, bool Close)> ReadAsync(Socket socket, CancellationToken ct)
    {
        var filled = 0;
        int headEnd;
        while ((headEnd = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            filled += await ReceiveAsync(socket, filled, ct);

        var head = Encoding.ASCII.GetString(_buffer, 0, headEnd).Split("\r\n");
        var status = int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var length = Header(head, "content-length") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        var bodyStart = headEnd + 4;
        while (filled < bodyStart + length)
            filled += await ReceiveAsync(socket, filled, ct);

        var body = Encoding.UTF8.GetString(_buffer, bodyStart, length);
        return (new ShopAnswer(status, body), Header(head, "connection") is "close");
    }

    private async Task<int> ReceiveAsync(Socket socket, int filled, CancellationToken ct)
    {
        if (filled == _buffer.Length)
            throw new IOException("the answer is longer than this program takes");
        var count = await socket.ReceiveAsync(_buffer.AsMemory(filled), ct);
        return count > 0 ? count : throw new IOException("the connection was closed before the answer was whole");
    }

    private static string? Header(string[] head, string name) =>
        head.Skip(1)
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2 && parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(parts => parts[1].Trim())
            .FirstOrDefault();
}
