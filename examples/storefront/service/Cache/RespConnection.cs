using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Storefront.Cache;

/// <summary>One connection to Redis or Valkey; for one caller at a time. After any exception it is of no use.</summary>
internal sealed class RespConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    private RespConnection(Socket socket) => _socket = socket;

    public static async Task<RespConnection> OpenAsync(CacheEndpoint endpoint, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, ct);
            var connection = new RespConnection(socket);
            if (endpoint.Password is { } password)
                await connection.SendAsync([new("AUTH", password)], ct);
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends all commands at once and returns their replies in order.</summary>
    public async Task<IReadOnlyList<RespReply>> SendAsync(IReadOnlyList<RespCommand> commands, CancellationToken ct)
    {
        await using var request = new MemoryStream();
        foreach (var command in commands)
            command.WriteTo(request);
        var bytes = request.GetBuffer().AsMemory(0, (int)request.Length);
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, ct)..];

        var replies = new RespReply[commands.Count];
        for (var i = 0; i < replies.Length; i++)
            replies[i] = await ReadReplyAsync(ct);
        return replies;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<RespReply> ReadReplyAsync(CancellationToken ct)
    {
        var line = await ReadLineAsync(ct);
        var rest = line[1..];
        return line[0] switch
        {
            '+' => new RespReply.Text(rest),
            '-' => new RespReply.Error(rest),
            ':' => new RespReply.Number(ParseLength(rest)),
            '$' when rest == "-1" => new RespReply.Nothing(),
            '$' => new RespReply.Text(await ReadBulkAsync((int)ParseLength(rest), ct)),
            '*' when rest == "-1" => new RespReply.Nothing(),
            '*' => await ReadManyAsync((int)ParseLength(rest), ct),
            _ => throw new IOException("the cache answered in an unknown protocol"),
        };
    }

    private async Task<RespReply> ReadManyAsync(int count, CancellationToken ct)
    {
        var items = new RespReply[count];
        for (var i = 0; i < count; i++)
            items[i] = await ReadReplyAsync(ct);
        return new RespReply.Many(items);
    }

    private async Task<string> ReadBulkAsync(int length, CancellationToken ct)
    {
        var bytes = new byte[length + 2];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = await ReadByteAsync(ct);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private async Task<string> ReadLineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = await ReadByteAsync(ct);
            if (next == '\n' && line.Length > 1)
                return line.ToString();
            if (next != '\r')
                line.Append((char)next);
        }
    }

    private async ValueTask<byte> ReadByteAsync(CancellationToken ct)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await _socket.ReceiveAsync(_buffer, ct);
            if (_end == 0)
                throw new IOException("the cache closed the connection");
        }
        return _buffer[_start++];
    }

    private static long ParseLength(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new IOException("the cache answered in an unknown protocol");
}
