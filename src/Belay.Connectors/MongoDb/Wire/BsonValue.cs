using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Belay.Connectors.MongoDb.Wire;

/// <summary>The types of values (https://bsonspec.org/spec.html).</summary>
internal enum BsonType : byte
{
    Double = 1,
    Text = 2,
    Document = 3,
    Array = 4,
    Binary = 5,
    Undefined = 6,
    ObjectId = 7,
    Boolean = 8,
    Date = 9,
    Null = 10,
    Pattern = 11,
    Pointer = 12,
    Code = 13,
    Symbol = 14,
    ScopedCode = 15,
    Int32 = 16,
    Timestamp = 17,
    Int64 = 18,
    Decimal128 = 19,
    MaxKey = 127,
    MinKey = 255,
}

/// <summary>A value in its own bytes.</summary>
internal readonly record struct BsonValue(BsonType Type, ReadOnlyMemory<byte> Raw)
{
    /// <summary>Whether it is a document or a list.</summary>
    public bool IsDocument => Type is BsonType.Document or BsonType.Array;

    /// <summary>Its number; null when it is none, or none that a <see cref="decimal"/> holds.</summary>
    public decimal? Number =>
        Type switch
        {
            BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Raw.Span),
            BsonType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(Raw.Span),
            BsonType.Double when AsDouble() is var value && Math.Abs(value) < 1e28 => (decimal)value,
            BsonType.Decimal128
                when decimal.TryParse(
                    Decimal128.Text(Raw.Span),
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out var value
                ) => value,
            _ => null,
        };

    public double AsDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Raw.Span);

    /// <summary>Its 64 bits: of a whole number, a moment (milliseconds since 1970, UTC) or a timestamp (seconds, then a counter).</summary>
    public long AsInt64() =>
        Type switch
        {
            BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Raw.Span),
            BsonType.Double => (long)AsDouble(),
            BsonType.Int64 or BsonType.Date or BsonType.Timestamp => BinaryPrimitives.ReadInt64LittleEndian(Raw.Span),
            _ => throw Not("whole number"),
        };

    /// <summary>Whether it counts as yes: the server answers <c>ok</c> as a double.</summary>
    public bool AsBool() =>
        Type switch
        {
            BsonType.Boolean => Raw.Span[0] != 0,
            BsonType.Double => AsDouble() is not 0,
            BsonType.Int32 or BsonType.Int64 => AsInt64() != 0,
            _ => throw Not("yes or no"),
        };

    public string AsText() =>
        Type is BsonType.Text or BsonType.Code or BsonType.Symbol
            ? Encoding.UTF8.GetString(Raw.Span[sizeof(int)..^1])
            : throw Not("text");

    public BsonDocument AsDocument() => IsDocument ? BsonDocument.Parse(Raw) : throw Not("document");

    /// <summary>The values of a list.</summary>
    public ImmutableArray<BsonValue> AsList() => [.. AsDocument().Elements.Select(element => element.Value)];

    /// <summary>The bytes of a binary value, without length and subtype.</summary>
    public ReadOnlyMemory<byte> AsBytes() => Type is BsonType.Binary ? Raw[(sizeof(int) + 1)..] : throw Not("binary");

    public bool Equals(BsonValue other) => Type == other.Type && Raw.Span.SequenceEqual(other.Raw.Span);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Type);
        hash.AddBytes(Raw.Span);
        return hash.ToHashCode();
    }

    /// <summary>How many bytes the value takes that begins there.</summary>
    /// <exception cref="InvalidDataException">There is none of that type.</exception>
    public static int SizeOf(BsonType type, ReadOnlySpan<byte> bytes)
    {
        const int Length = sizeof(int);
        var size = type switch
        {
            BsonType.Undefined or BsonType.Null or BsonType.MinKey or BsonType.MaxKey => 0,
            BsonType.Boolean => 1,
            BsonType.Int32 => Length,
            BsonType.Double or BsonType.Date or BsonType.Timestamp or BsonType.Int64 => 8,
            BsonType.ObjectId => 12,
            BsonType.Decimal128 => 16,
            BsonType.Text or BsonType.Code or BsonType.Symbol => Length + LengthAt(bytes),
            BsonType.Document or BsonType.Array or BsonType.ScopedCode => LengthAt(bytes),
            BsonType.Binary => Length + 1 + LengthAt(bytes),
            BsonType.Pointer => Length + LengthAt(bytes) + 12,
            BsonType.Pattern => SizeOfPattern(bytes),
            _ => throw new InvalidDataException($"not BSON: a value of type {(byte)type}"),
        };
        return size >= 0 && size < bytes.Length
            ? size
            : throw new InvalidDataException($"not BSON: a value of {size} bytes in {bytes.Length}");
    }

    private static int LengthAt(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);

    private static int SizeOfPattern(ReadOnlySpan<byte> bytes)
    {
        _ = BsonDocument.Words(bytes, out var pattern);
        _ = BsonDocument.Words(bytes[pattern..], out var options);
        return pattern + options;
    }

    private FormatException Not(string expected) => new($"a {expected} was expected, not a value of type {Type}");
}
