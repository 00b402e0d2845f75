using System.Buffers.Binary;
using System.Text;
using Belay.Connectors.MongoDb.Wire;

namespace Belay.MongoStandIn;

/// <summary>A request as a driver may send it: also with lists of documents in sections of their own (OP_MSG, section kind 1).</summary>
internal sealed record Request(int Id, BsonDocument Body)
{
    private const int OpMsg = 2013;
    private const int HeaderLength = 16;
    private const int GreatestLength = 48_000_000;
    private const uint HasChecksum = 1;

    public static async Task<Request> ReadAsync(Stream stream, CancellationToken ct)
    {
        var header = new byte[HeaderLength];
        await stream.ReadExactlyAsync(header, ct);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) != OpMsg || length > GreatestLength)
            throw new InvalidDataException("only OP_MSG is spoken here");
        var rest = new byte[length - HeaderLength];
        await stream.ReadExactlyAsync(rest, ct);
        return new Request(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)), Join(rest));
    }

    public byte[] Answer(BsonDocument reply) => new Message(Id + 1, Id, reply).ToBytes();

    private static BsonDocument Join(byte[] rest)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        var end = (flags & HasChecksum) == 0 ? rest.Length : rest.Length - sizeof(uint);
        var whole = new BsonBuilder();
        for (var at = sizeof(uint); at < end; )
        {
            var kind = rest[at++];
            var size = BinaryPrimitives.ReadInt32LittleEndian(rest.AsSpan(at));
            if (kind == 0)
                whole.AddAll(BsonDocument.Parse(rest.AsMemory(at, size)).Elements);
            else
                AddSequence(whole, rest.AsMemory(at + sizeof(int), size - sizeof(int)));
            at += size;
        }
        return whole.Build();
    }

    private static void AddSequence(BsonBuilder whole, ReadOnlyMemory<byte> section)
    {
        var end = section.Span.IndexOf((byte)0);
        var name = Encoding.UTF8.GetString(section.Span[..end]);
        var documents = new List<BsonDocument>();
        for (var at = end + 1; at < section.Length; at += documents[^1].Bytes.Length)
            documents.Add(BsonDocument.Parse(section[at..]));
        whole.AddList(name, documents);
    }
}
