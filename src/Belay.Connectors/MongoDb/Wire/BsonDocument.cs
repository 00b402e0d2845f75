using System.Buffers.Binary;
using System.Text;

namespace Belay.Connectors.MongoDb.Wire;

/// <summary>A document in its own bytes (BSON 1.1, https://bsonspec.org/spec.html); values are read from them when they are asked for.</summary>
/// <remarks>The bytes are kept because two documents are the same exactly when their bytes are.</remarks>
internal sealed class BsonDocument
{
    private const int LeastLength = 5;

    private BsonDocument(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>The document without members.</summary>
    public static BsonDocument Empty { get; } = new BsonBuilder().Build();

    /// <summary>Its bytes, length and end included.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Its members in their order.</summary>
    /// <exception cref="InvalidDataException">The bytes are no document.</exception>
    public IEnumerable<BsonElement> Elements
    {
        get
        {
            var at = sizeof(int);
            while (Bytes.Span[at] != 0)
            {
                var type = (BsonType)Bytes.Span[at];
                var name = Words(Bytes.Span[(at + 1)..], out var length);
                at += 1 + length;
                var size = BsonValue.SizeOf(type, Bytes.Span[at..]);
                yield return new BsonElement(name, new BsonValue(type, Bytes.Slice(at, size)));
                at += size;
            }
        }
    }

    /// <summary>A member; null when there is none of that name.</summary>
    public BsonValue? this[string name]
    {
        get
        {
            foreach (var element in Elements)
            {
                if (element.Name == name)
                    return element.Value;
            }
            return null;
        }
    }

    /// <summary>A member inside of members: <c>release.schema</c>; null when there is none. Numbers lead into lists.</summary>
    public BsonValue? At(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return this[path];
        return this[path[..dot]] is { IsDocument: true } inner ? inner.AsDocument().At(path[(dot + 1)..]) : null;
    }

    /// <summary>The document that begins where the bytes do.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static BsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < LeastLength)
            throw new InvalidDataException("not BSON: a document has 5 bytes and more");
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
        if (length < LeastLength || length > bytes.Length || bytes.Span[length - 1] != 0)
            throw new InvalidDataException($"not BSON: a document of {length} bytes in {bytes.Length}");
        return new BsonDocument(bytes[..length]);
    }

    /// <summary>A text that a zero byte ends.</summary>
    /// <param name="length">How many bytes it takes, its end included.</param>
    internal static string Words(ReadOnlySpan<byte> bytes, out int length)
    {
        length = bytes.IndexOf((byte)0) + 1;
        return length > 0
            ? Encoding.UTF8.GetString(bytes[..(length - 1)])
            : throw new InvalidDataException("not BSON: a name without an end");
    }
}

/// <summary>A member of a document.</summary>
internal readonly record struct BsonElement(string Name, BsonValue Value);
