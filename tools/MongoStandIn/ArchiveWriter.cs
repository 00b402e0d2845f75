using System.Buffers.Binary;
using Belay.Connectors.MongoDb.Wire;

namespace Belay.MongoStandIn;

/// <summary>Writes the essentials of an archive in the form of mongo-tools (common/archive/spec.md): prelude, then blocks of documents, each with its namespace, and an end with a checksum.</summary>
internal sealed class ArchiveWriter(Stream stream)
{
    public const uint Magic = 0x8199e26d;
    public const uint Terminator = 0xffffffff;

    public void Prelude(IEnumerable<(string Database, string Collection, string Metadata, string Type)> collections)
    {
        Number(Magic);
        Document(
            new BsonBuilder()
                .Add("concurrent_collections", 1)
                .Add("version", "0.1")
                .Add("server_version", "stand-in")
                .Add("tool_version", "stand-in")
        );
        foreach (var (database, collection, metadata, type) in collections)
            Document(
                new BsonBuilder()
                    .Add("db", database)
                    .Add("collection", collection)
                    .Add("metadata", metadata)
                    .Add("size", 0)
                    .Add("type", type)
            );
        Number(Terminator);
    }

    public async Task CollectionAsync(string database, string collection, IAsyncEnumerable<BsonDocument> documents)
    {
        var checksum = new Crc64();
        var count = 0;
        await foreach (var document in documents)
        {
            if (count++ == 0)
                Header(database, collection, isEnd: false, 0);
            checksum.Add(document.Bytes.Span);
            stream.Write(document.Bytes.Span);
        }
        if (count > 0)
            Number(Terminator);
        Header(database, collection, isEnd: true, checksum.Value);
        Number(Terminator);
    }

    private void Header(string database, string collection, bool isEnd, ulong checksum) =>
        Document(
            new BsonBuilder()
                .Add("db", database)
                .Add("collection", collection)
                .Add("EOF", isEnd)
                .Add("CRC", unchecked((long)checksum))
        );

    private void Document(BsonBuilder document) => stream.Write(document.Build().Bytes.Span);

    private void Number(uint number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        stream.Write(bytes);
    }
}
