using System.IO.Compression;
using Belay.Connectors.MongoDb;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;

namespace Belay.MongoStandIn;

/// <summary>In the place of <c>mongodump --db --archive --gzip</c>: reads one collection after the other, as the real one does without an oplog.</summary>
internal static class Mongodump
{
    public static async Task<int> RunAsync(ToolOptions options)
    {
        try
        {
            var database = options.Require("db");
            await using var session = await MongoSession.OpenAsync(
                options.Connection(database),
                TimeProvider.System,
                CancellationToken.None
            );
            await using var file = File.Create(options.Require("archive"));
            await using var stream = new GZipStream(file, CompressionLevel.Fastest);
            await WriteAsync(session, database, new ArchiveWriter(stream));
            return 0;
        }
        catch (Exception e) when (e is OperationException or IOException or ArgumentException)
        {
            return ToolOptions.Fail(e.Message);
        }
    }

    private static async Task WriteAsync(MongoSession session, string database, ArchiveWriter archive)
    {
        var collections = await ContentsReading.ListAsync(session, database, CancellationToken.None);
        var metadata = new List<(string, string, string, string)>();
        foreach (var collection in collections)
            metadata.Add(
                (
                    database,
                    collection.Name,
                    await MetadataAsync(session, database, collection),
                    collection.IsView ? "view" : ""
                )
            );
        archive.Prelude(metadata);
        foreach (var collection in collections.Where(c => !c.IsView))
        {
            await Console.Error.WriteLineAsync($"writing {database}.{collection.Name} to archive");
            var find = new BsonBuilder().Add("find", collection.Name);
            await archive.CollectionAsync(
                database,
                collection.Name,
                session.ReadAsync(database, find, CancellationToken.None)
            );
            await Console.Error.WriteLineAsync($"done dumping {database}.{collection.Name}");
        }
    }

    private static async Task<string> MetadataAsync(
        MongoSession session,
        string database,
        ContentsReading.ListedCollection collection
    )
    {
        var indexes = new List<BsonDocument>();
        if (!collection.IsView)
            await foreach (
                var index in session.ReadAsync(
                    database,
                    new BsonBuilder().Add("listIndexes", collection.Name),
                    CancellationToken.None
                )
            )
                indexes.Add(index);
        return ExtendedJson.ToText(
            new BsonBuilder()
                .Add("options", collection.Options)
                .AddList("indexes", indexes)
                .Add("collectionName", collection.Name)
                .Build()
        );
    }
}
