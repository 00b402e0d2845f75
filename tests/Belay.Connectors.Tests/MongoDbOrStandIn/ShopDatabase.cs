using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.MongoDb;
using Belay.Connectors.MongoDb.Wire;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>A shop's database, read and written as the shop would, over the wire.</summary>
internal sealed class ShopDatabase(MongoDbSettings settings)
{
    public const string Connection = "db";

    public MongoDbSettings Settings { get; set; } = settings;

    public string Name => Settings.Database;

    public ImmutableDictionary<string, object> Connections =>
        ImmutableDictionary<string, object>.Empty.Add(Connection, Settings);

    /// <summary>Orders with an index and a rule, a view on them, and the version of the schema.</summary>
    public async Task SeedAsync(int orders, CancellationToken ct)
    {
        await RunAsync("""{ "create": "orders", "validator": { "amount": { "$gte": 0 } } }""", ct);
        await RunAsync(
            """{ "createIndexes": "orders", "indexes": [ { "key": { "amount": 1 }, "name": "by_amount", "sparse": true } ] }""",
            ct
        );
        await RunAsync(
            """{ "create": "large", "viewOn": "orders", "pipeline": [ { "$match": { "amount": { "$gt": 100 } } } ] }""",
            ct
        );
        await RunAsync(
            """{ "insert": "meta", "documents": [ { "_id": "schema", "schema_version": 41, "by": { "release": "4.1" } } ] }""",
            ct
        );
        await InsertAsync(1, orders, ct);
    }

    /// <summary>Inserts orders.</summary>
    public async Task InsertAsync(int first, int count, CancellationToken ct)
    {
        var documents = Enumerable
            .Range(first, count)
            .Select(n =>
                $$"""{ "_id": {{n}}, "amount": {{n}}.5, "at": { "$date": "2026-01-01T00:00:00Z" }, "lines": [ { "sku": "a{{n}}" } ] }"""
            );
        await RunAsync($$"""{ "insert": "orders", "documents": [ {{string.Join(',', documents)}} ] }""", ct);
    }

    /// <summary>Runs a command, written as Extended JSON.</summary>
    public async Task<BsonDocument> RunAsync(string command, CancellationToken ct)
    {
        await using var session = await MongoSession.OpenAsync(Settings, TimeProvider.System, ct);
        var document = ExtendedJson.ToBson(JsonElement.Parse(command));
        return await session.RunAsync(Name, new BsonBuilder().AddAll(document.Elements), ct);
    }

    /// <summary>All that a database holds, by collection.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> ReadAsync(
        CancellationToken ct,
        string? database = null
    )
    {
        await using var session = await MongoSession.OpenAsync(Settings, TimeProvider.System, ct);
        var live = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var place = database ?? Name;
        await foreach (var listed in session.ReadAsync(place, new BsonBuilder().Add("listCollections", 1), ct))
        {
            var name = listed["name"]!.Value.AsText();
            if (name.StartsWith("system.", StringComparison.Ordinal))
                continue;
            var lines = new List<string> { ExtendedJson.ToText(listed["options"]!.Value.AsDocument()) };
            if (listed["type"]!.Value.AsText() != "view")
            {
                await AddAsync(lines, session.ReadAsync(place, new BsonBuilder().Add("listIndexes", name), ct));
                await AddAsync(lines, session.ReadAsync(place, new BsonBuilder().Add("find", name), ct));
            }
            live[name] = string.Join('\n', lines);
        }
        return live.ToImmutable();
    }

    /// <summary>The databases that belong to the test: the shop's, and those whose names begin with its name.</summary>
    public async Task<ImmutableArray<string>> DatabasesAsync(CancellationToken ct)
    {
        await using var session = await MongoSession.OpenAsync(Settings, TimeProvider.System, ct);
        var reply = await session.RunAsync(
            "admin",
            new BsonBuilder().Add("listDatabases", 1).Add("nameOnly", true),
            ct
        );
        return
        [
            .. reply["databases"]!
                .Value.AsList()
                .Select(one => one.AsDocument()["name"]!.Value.AsText())
                .Where(name => name == Name || name.StartsWith($"{Name}_", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static async Task AddAsync(List<string> lines, IAsyncEnumerable<BsonDocument> documents)
    {
        var texts = new List<string>();
        await foreach (var document in documents)
            texts.Add(ExtendedJson.ToText(document));
        lines.AddRange(texts.Order(StringComparer.Ordinal));
    }
}
