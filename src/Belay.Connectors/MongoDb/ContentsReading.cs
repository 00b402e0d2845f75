using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb;

/// <summary>Reads all that a database holds, one collection after the other: of a database that is written to meanwhile it is no single moment.</summary>
internal sealed class ContentsReading(MongoSession session, string database)
{
    private const int Interval = 10_000;

    // Collections of the server itself: profile, buckets of time series, definitions of views.
    private const string SystemCollections = "system.";
    private DatabaseContents? contents;

    /// <summary>What was read, once <see cref="RunAsync"/> has come to its end.</summary>
    public DatabaseContents Contents => contents ?? throw new InvalidOperationException("nothing was read yet");

    /// <summary>Reads.</summary>
    public async IAsyncEnumerable<Progress> RunAsync(string doing, [EnumeratorCancellation] CancellationToken ct)
    {
        var collections = ImmutableArray.CreateBuilder<CollectionContents>();
        long documents = 0;
        foreach (var listed in await ListAsync(session, database, ct))
        {
            var content = new ContentHash();
            yield return Progress.Count(documents, null, "documents", doing);
            if (!listed.IsView)
                await foreach (
                    var document in session.ReadAsync(database, new BsonBuilder().Add("find", listed.Name), ct)
                )
                {
                    content.Add(document);
                    if (++documents % Interval == 0)
                        yield return Progress.Count(documents, null, "documents", doing);
                }
            collections.Add(
                new CollectionContents
                {
                    Name = listed.Name,
                    Type = listed.Type,
                    Options = ExtendedJson.ToText(listed.Options),
                    Indexes = listed.IsView ? [] : await IndexesAsync(listed.Name, ct),
                    Documents = content.Count,
                    Hash = content.Text,
                }
            );
        }
        contents = new DatabaseContents { Collections = collections.ToImmutable() };
    }

    /// <summary>The collections and views that users made, by name (https://www.mongodb.com/docs/manual/reference/command/listCollections/).</summary>
    public static async Task<ImmutableArray<ListedCollection>> ListAsync(
        MongoSession session,
        string database,
        CancellationToken ct
    )
    {
        var found = new List<ListedCollection>();
        await foreach (var document in session.ReadAsync(database, new BsonBuilder().Add("listCollections", 1), ct))
        {
            var name = document["name"]!.Value.AsText();
            if (!name.StartsWith(SystemCollections, StringComparison.Ordinal))
                found.Add(
                    new ListedCollection(
                        name,
                        document["type"]?.AsText() ?? "collection",
                        document["options"]?.AsDocument() ?? BsonDocument.Empty
                    )
                );
        }
        return [.. found.OrderBy(collection => collection.Name, StringComparer.Ordinal)];
    }

    private async Task<ImmutableArray<string>> IndexesAsync(string collection, CancellationToken ct)
    {
        var indexes = new List<string>();
        await foreach (var index in session.ReadAsync(database, new BsonBuilder().Add("listIndexes", collection), ct))
            indexes.Add(
                ExtendedJson.ToText(
                    // mongorestore makes them in the newest format; before 4.4 they name their namespace.
                    new BsonBuilder()
                        .AddAll(index.Elements.Where(e => e.Name is not ("v" or "ns")))
                        .Build()
                )
            );
        return [.. indexes.Order(StringComparer.Ordinal)];
    }

    /// <summary>A collection or a view as the server lists it.</summary>
    public sealed record ListedCollection(string Name, string Type, BsonDocument Options)
    {
        public bool IsView => Type == "view";
    }

    /// <summary>Adds up the hashes of documents.</summary>
    private sealed class ContentHash
    {
        private UInt128 sum;

        public long Count { get; private set; }

        public string Text => sum.ToString("x32", CultureInfo.InvariantCulture);

        public void Add(BsonDocument document)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(document.Bytes.Span, hash);
            unchecked
            {
                sum += BinaryPrimitives.ReadUInt128LittleEndian(hash);
            }
            Count++;
        }
    }
}
