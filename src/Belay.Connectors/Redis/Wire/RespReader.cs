using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Belay.Connectors.Redis.Wire;

/// <summary>Reads replies, or the commands of a file, from a stream (RESP2).</summary>
internal sealed class RespReader(Stream stream)
{
    // The server's own limit of a bulk string (proto-max-bulk-len).
    private const int GreatestLength = 512 * 1024 * 1024;
    private readonly byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    /// <summary>The next reply.</summary>
    /// <exception cref="EndOfStreamException">The stream ended inside a reply or before it.</exception>
    /// <exception cref="InvalidDataException">This is not RESP2.</exception>
    public async ValueTask<RespReply> ReadAsync(CancellationToken ct)
    {
        var line = await ReadLineAsync(ct);
        return line[0] switch
        {
            '+' => new RespReply.Text(line[1..]),
            '-' => new RespReply.Error(line[1..]),
            ':' => new RespReply.Number(Number(line)),
            '$' => Length(line) is { } length ? new RespReply.Text(await ReadBulkAsync(length, ct)) : RespReply.Null,
            '*' => Length(line) is { } count ? await ReadManyAsync(count, ct) : RespReply.Null,
            _ => throw new InvalidDataException("not the protocol of Redis (RESP2)"),
        };
    }

    /// <summary>Whether there is nothing more to read.</summary>
    public async ValueTask<bool> IsAtEndAsync(CancellationToken ct) => start == end && !await FillAsync(ct);

    private async ValueTask<RespReply> ReadManyAsync(int count, CancellationToken ct)
    {
        var items = ImmutableArray.CreateBuilder<RespReply>();
        for (var i = 0; i < count; i++)
            items.Add(await ReadAsync(ct));
        return new RespReply.Many(items.ToImmutable());
    }

    private async ValueTask<string> ReadBulkAsync(int length, CancellationToken ct)
    {
        string text;
        if (end - start >= length)
        {
            text = Encoding.Latin1.GetString(buffer, start, length);
            start += length;
        }
        else
        {
            var bytes = new byte[length];
            var held = end - start;
            buffer.AsSpan(start, held).CopyTo(bytes);
            start = end;
            await stream.ReadExactlyAsync(bytes.AsMemory(held), ct);
            text = Encoding.Latin1.GetString(bytes);
        }
        await ReadByteAsync(ct);
        await ReadByteAsync(ct);
        return text;
    }

    private async ValueTask<string> ReadLineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (await ReadByteAsync(ct) is var next && next != '\n')
        {
            if (next != '\r')
                line.Append((char)next);
        }
        return line.Length > 0
            ? line.ToString()
            : throw new InvalidDataException("not the protocol of Redis (RESP2): an empty line");
    }

    private async ValueTask<byte> ReadByteAsync(CancellationToken ct)
    {
        if (start == end && !await FillAsync(ct))
            throw new EndOfStreamException("the other side closed the connection");
        return buffer[start++];
    }

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        start = 0;
        end = await stream.ReadAsync(buffer, ct);
        return end > 0;
    }

    private static int? Length(string line) =>
        Number(line) switch
        {
            -1 => null,
            >= 0 and <= GreatestLength and var length => (int)length,
            var length => throw new InvalidDataException($"a length of {length} is not within the protocol"),
        };

    private static long Number(string line) =>
        long.TryParse(line.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException("not the protocol of Redis (RESP2): a number was expected");
}
