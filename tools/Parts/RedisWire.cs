using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Belay.Parts;

/// <summary>One connection to a Redis or Valkey server, as a service would hold it; for one caller at a time. Text holds one character a byte.</summary>
public sealed class RedisWire : IDisposable
{
    private readonly Socket socket;
    private readonly byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    private RedisWire(Socket socket) => this.socket = socket;

    /// <summary>Connects, and enters with the password if there is one.</summary>
    /// <param name="endpoint"><c>ADDRESS:PORT</c>.</param>
    /// <param name="password">The default user's; null: none.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static async Task<RedisWire> OpenAsync(string endpoint, string? password, CancellationToken ct)
    {
        var wire = new RedisWire(new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            await wire.socket.ConnectAsync(IPEndPoint.Parse(endpoint), ct);
            if (password is not null)
                await wire.CallAsync(ct, "AUTH", password);
            return wire;
        }
        catch
        {
            wire.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command; its answer, of a list the items, a missing value as null.</summary>
    /// <exception cref="InvalidOperationException">The server refused it.</exception>
    /// <exception cref="IOException">The connection broke: whether it was carried out is not known.</exception>
    public async Task<IReadOnlyList<string?>> CallAsync(CancellationToken ct, params string[] words) =>
        (await CallAllAsync([words], ct))[0];

    /// <summary>Sends commands in one go; their answers in order.</summary>
    /// <inheritdoc cref="CallAsync"/>
    public async Task<IReadOnlyList<IReadOnlyList<string?>>> CallAllAsync(
        IReadOnlyList<IReadOnlyList<string>> commands,
        CancellationToken ct
    )
    {
        try
        {
            await SendAsync(commands, ct);
            var answers = new List<IReadOnlyList<string?>>(commands.Count);
            foreach (var _ in commands)
                answers.Add(await AnswerAsync(ct));
            return answers;
        }
        catch (SocketException broken)
        {
            throw new IOException(broken.Message, broken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private async Task SendAsync(IReadOnlyList<IReadOnlyList<string>> commands, CancellationToken ct)
    {
        var text = new StringBuilder();
        foreach (var words in commands)
        {
            text.Append(CultureInfo.InvariantCulture, $"*{words.Count}\r\n");
            foreach (var word in words)
                text.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        }
        var bytes = Encoding.Latin1.GetBytes(text.ToString()).AsMemory();
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, ct)..];
    }

    private async ValueTask<IReadOnlyList<string?>> AnswerAsync(CancellationToken ct)
    {
        var line = await LineAsync(ct);
        switch (line[0])
        {
            case '-':
                throw new InvalidOperationException(line[1..]);
            case '$':
                return [await BulkAsync(Length(line), ct)];
            case '*':
                var items = new List<string?>();
                for (var i = 0; i < Length(line); i++)
                    items.AddRange(await AnswerAsync(ct));
                return items;
            default:
                return [line[1..]];
        }
    }

    private static int Length(string line) => int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);

    private async ValueTask<string?> BulkAsync(int length, CancellationToken ct)
    {
        if (length < 0)
            return null;
        var text = new StringBuilder(length);
        for (var left = length + 2; left > 0; )
        {
            if (start == end)
                await FillAsync(ct);
            var taken = Math.Min(left, end - start);
            text.Append(Encoding.Latin1.GetString(buffer, start, taken));
            (start, left) = (start + taken, left - taken);
        }
        return text.ToString(0, length);
    }

    private async ValueTask<string> LineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (start == end)
                await FillAsync(ct);
            var at = Array.IndexOf(buffer, (byte)'\n', start, end - start);
            var stop = at < 0 ? end : at + 1;
            line.Append(Encoding.Latin1.GetString(buffer, start, stop - start));
            start = stop;
            if (at >= 0)
                return line.ToString(0, line.Length - 2);
        }
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        (start, end) = (0, await socket.ReceiveAsync(buffer, ct));
        if (end == 0)
            throw new IOException("the server closed the connection");
    }
}
