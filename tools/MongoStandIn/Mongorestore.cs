using System.IO.Compression;
using System.Text.Json;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;

namespace Belay.MongoStandIn;

/// <summary>In the place of <c>mongorestore --archive --gzip --nsFrom --nsTo --drop</c>: collections that the archive has are dropped and made anew, others stay.</summary>
internal static class Mongorestore
{
    private const int Batch = 100;

    public static async Task<int> RunAsync(ToolOptions options)
    {
        try
        {
            await using var session = await MongoSession.OpenAsync(
                options.Connection("admin"),
                TimeProvider.System,
                CancellationToken.None
            );
            await using var file = File.OpenRead(options.Require("archive"));
            await using var stream = new GZipStream(file, CompressionMode.Decompress);
            var from = Database(options.Require("nsFrom"));
            await RestoreAsync(session, new ArchiveReader(stream), from, Database(options.Require("nsTo")));
            return 0;
        }
        catch (Exception e) when (e is OperationException or IOException or InvalidDataException or ArgumentException)
        {
            return ToolOptions.Fail(e.Message);
        }
    }

    private static string Database(string pattern) => pattern[..^".*".Length];

    private static async Task RestoreAsync(MongoSession session, ArchiveReader archive, string from, string into)
    {
        var collections = archive.Prelude().Where(c => c["db"]!.Value.AsText() == from).ToList();
        foreach (var collection in collections)
        {
            var name = collection["collection"]!.Value.AsText();
            await session.TryRunAsync(into, new BsonBuilder().Add("drop", name), CancellationToken.None);
            var options = Metadata(collection)["options"]!.Value.AsDocument();
            await RunAsync(session, into, new BsonBuilder().Add("create", name).AddAll(options.Elements));
        }
        foreach (var part in archive.Documents().Where(d => d.Database == from).Chunk(Batch))
        foreach (var group in part.GroupBy(d => d.Collection, StringComparer.Ordinal))
            await RunAsync(
                session,
                into,
                new BsonBuilder().Add("insert", group.Key).AddList("documents", group.Select(d => d.Document))
            );
        foreach (var collection in collections)
        {
            var name = collection["collection"]!.Value.AsText();
            var indexes = Metadata(collection)["indexes"]!.Value.AsList().Select(index => index.AsDocument()).ToList();
            if (indexes.Count > 0)
                await RunAsync(session, into, new BsonBuilder().Add("createIndexes", name).AddList("indexes", indexes));
            await Console.Error.WriteLineAsync($"finished restoring {into}.{name}");
        }
    }

    private static BsonDocument Metadata(BsonDocument collection) =>
        ExtendedJson.ToBson(JsonElement.Parse(collection["metadata"]!.Value.AsText()));

    private static Task<BsonDocument> RunAsync(MongoSession session, string database, BsonBuilder command) =>
        session.RunAsync(database, command, CancellationToken.None);
}
