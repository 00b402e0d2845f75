using System.Buffers.Binary;

namespace Belay.Connectors.MongoDb.Wire;

/// <summary>A message of the wire protocol: an OP_MSG with one section of kind 0 (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/).</summary>
/// <param name="Id">The sender's number of it.</param>
/// <param name="AnswerTo">Of an answer: the number of the request.</param>
/// <param name="Body">The command or the reply.</param>
internal sealed record Message(int Id, int AnswerTo, BsonDocument Body)
{
    private const int OpMsg = 2013;
    private const int HeaderLength = 16;
    private const int BodyAt = HeaderLength + sizeof(uint) + 1;

    // maxMessageSizeBytes of every server since 2.6.
    private const int GreatestLength = 48_000_000;

    /// <summary>Flag bit 0: the last 4 bytes are a checksum, which nobody asked for.</summary>
    private const uint HasChecksum = 1;

    /// <summary>Its bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[BodyAt + Body.Bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Id);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), AnswerTo);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), OpMsg);
        Body.Bytes.Span.CopyTo(bytes.AsSpan(BodyAt));
        return bytes;
    }

    /// <summary>Reads the next message.</summary>
    /// <exception cref="EndOfStreamException">The other side closed the connection.</exception>
    /// <exception cref="InvalidDataException">It is no OP_MSG, or has sections that nobody here writes.</exception>
    public static async Task<Message> ReadAsync(Stream stream, CancellationToken ct)
    {
        var header = new byte[HeaderLength];
        await stream.ReadExactlyAsync(header, ct);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        var operation = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
        if (operation != OpMsg || length <= BodyAt || length > GreatestLength)
            throw new InvalidDataException($"not the protocol of MongoDB: operation {operation} of {length} bytes");
        var rest = new byte[length - HeaderLength];
        await stream.ReadExactlyAsync(rest, ct);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (rest[sizeof(uint)] != 0)
            throw new InvalidDataException($"a section of kind {rest[sizeof(uint)]} is not expected here");
        var end = (flags & HasChecksum) == 0 ? rest.Length : rest.Length - sizeof(uint);
        return new Message(
            BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)),
            BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)),
            BsonDocument.Parse(rest.AsMemory(sizeof(uint) + 1, end - sizeof(uint) - 1))
        );
    }
}
