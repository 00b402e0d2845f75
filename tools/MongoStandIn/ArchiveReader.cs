using System.Buffers.Binary;
using Belay.Connectors.MongoDb.Wire;

namespace Belay.MongoStandIn;

/// <summary>Reads what <see cref="ArchiveWriter"/> writes; an archive that breaks off, or whose checksum is wrong, is an error.</summary>
internal sealed class ArchiveReader(Stream stream)
{
    /// <summary>The collections that the archive says it holds.</summary>
    public List<BsonDocument> Prelude()
    {
        if (Number() != ArchiveWriter.Magic)
            throw new InvalidDataException("stream or file does not appear to be a mongodump archive");
        var collections = new List<BsonDocument>();
        _ = Document();
        while (Document() is { } collection)
            collections.Add(collection);
        return collections;
    }

    /// <summary>The documents with their collections, in the order of the archive.</summary>
    public IEnumerable<(string Database, string Collection, BsonDocument Document)> Documents()
    {
        var checksums = new Dictionary<string, Crc64>(StringComparer.Ordinal);
        while (Document(isEndAllowed: true) is { } header)
        {
            var (database, collection) = (header["db"]!.Value.AsText(), header["collection"]!.Value.AsText());
            var place = $"{database}.{collection}";
            if (!checksums.TryGetValue(place, out var checksum))
                checksums[place] = checksum = new Crc64();
            if (header["EOF"]!.Value.AsBool() && unchecked((ulong)header["CRC"]!.Value.AsInt64()) != checksum.Value)
                throw new InvalidDataException($"corrupt archive: the checksum of {place} is wrong");
            while (Document() is { } document)
            {
                checksum.Add(document.Bytes.Span);
                yield return (database, collection, document);
            }
        }
    }

    // Null: a terminator, or, where that is allowed, the end of the archive.
    private BsonDocument? Document(bool isEndAllowed = false)
    {
        var head = new byte[sizeof(uint)];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read == 0 && isEndAllowed)
            return null;
        if (read < head.Length)
            throw new EndOfStreamException("the archive breaks off");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (length == ArchiveWriter.Terminator)
            return null;
        var bytes = new byte[length];
        head.CopyTo(bytes, 0);
        stream.ReadExactly(bytes.AsSpan(sizeof(uint)));
        return BsonDocument.Parse(bytes);
    }

    private uint Number()
    {
        var bytes = new byte[sizeof(uint)];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
