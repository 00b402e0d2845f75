using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Belay.Connectors.MongoDb.Wire;

/// <summary>Builds a document, member by member, in the order in which they are added: the first member of a command is its name.</summary>
internal sealed class BsonBuilder
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public BsonBuilder() => bytes.Write(stackalloc byte[sizeof(int)]);

    public BsonBuilder Add(string name, BsonValue value)
    {
        bytes.Write<byte>([(byte)value.Type]);
        WriteName(name);
        bytes.Write(value.Raw.Span);
        return this;
    }

    public BsonBuilder Add(string name, BsonDocument value) => Add(name, new BsonValue(BsonType.Document, value.Bytes));

    public BsonBuilder Add(string name, string value)
    {
        var text = Encoding.UTF8.GetBytes(value);
        var raw = new byte[sizeof(int) + text.Length + 1];
        BinaryPrimitives.WriteInt32LittleEndian(raw, text.Length + 1);
        text.CopyTo(raw, sizeof(int));
        return Add(name, new BsonValue(BsonType.Text, raw));
    }

    public BsonBuilder Add(string name, int value)
    {
        var raw = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(raw, value);
        return Add(name, new BsonValue(BsonType.Int32, raw));
    }

    public BsonBuilder Add(string name, long value) => Add(name, BsonType.Int64, value);

    /// <summary>Adds a value of 64 bits: a whole number, a moment, a timestamp.</summary>
    public BsonBuilder Add(string name, BsonType type, long value)
    {
        var raw = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(raw, value);
        return Add(name, new BsonValue(type, raw));
    }

    public BsonBuilder Add(string name, double value)
    {
        var raw = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(raw, value);
        return Add(name, new BsonValue(BsonType.Double, raw));
    }

    public BsonBuilder Add(string name, bool value) =>
        Add(name, new BsonValue(BsonType.Boolean, new[] { value ? (byte)1 : (byte)0 }));

    public BsonBuilder AddNull(string name) => Add(name, new BsonValue(BsonType.Null, ReadOnlyMemory<byte>.Empty));

    /// <summary>Adds binary data.</summary>
    public BsonBuilder Add(string name, ReadOnlySpan<byte> data, byte subtype = 0)
    {
        var raw = new byte[sizeof(int) + 1 + data.Length];
        BinaryPrimitives.WriteInt32LittleEndian(raw, data.Length);
        raw[sizeof(int)] = subtype;
        data.CopyTo(raw.AsSpan(sizeof(int) + 1));
        return Add(name, new BsonValue(BsonType.Binary, raw));
    }

    /// <summary>Adds a list.</summary>
    public BsonBuilder AddList(string name, IEnumerable<BsonValue> values)
    {
        var list = new BsonBuilder();
        var at = 0;
        foreach (var value in values)
            list.Add((at++).ToString(CultureInfo.InvariantCulture), value);
        return Add(name, new BsonValue(BsonType.Array, list.Build().Bytes));
    }

    /// <summary>Adds a list of documents.</summary>
    public BsonBuilder AddList(string name, IEnumerable<BsonDocument> values) =>
        AddList(name, values.Select(value => new BsonValue(BsonType.Document, value.Bytes)));

    /// <summary>Adds all members of a document.</summary>
    public BsonBuilder AddAll(IEnumerable<BsonElement> elements)
    {
        foreach (var (name, value) in elements)
            Add(name, value);
        return this;
    }

    /// <summary>The document; the builder is of no more use.</summary>
    public BsonDocument Build()
    {
        bytes.Write<byte>([0]);
        var all = bytes.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(all, all.Length);
        return BsonDocument.Parse(all);
    }

    private void WriteName(string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new InvalidDataException("the name of a member holds no zero byte (BSON: cstring)");
        bytes.Write<byte>(Encoding.UTF8.GetBytes(name));
        bytes.Write<byte>([0]);
    }
}
