using System.Security.Cryptography;
using Belay.Connectors.MongoDb.Wire;

namespace Belay.MongoStandIn;

/// <summary>The commands that write. Of updates: <c>$set</c> of members at the top, whole documents, and <c>upsert</c>.</summary>
internal static class Writes
{
    private const int DuplicateKey = 11000;

    public static BsonBuilder Insert(Store store, string database, BsonDocument command)
    {
        var name = command["insert"]!.Value.AsText();
        var collection = store.Open(database, name);
        var inserted = 0;
        foreach (var value in command["documents"]!.Value.AsList())
        {
            var document = WithId(value.AsDocument());
            if (!collection.Documents.TryAdd(document["_id"]!.Value, document))
                return new BsonBuilder()
                    .Add("n", inserted)
                    .AddList(
                        "writeErrors",
                        [
                            new BsonBuilder()
                                .Add("index", inserted)
                                .Add("code", DuplicateKey)
                                .Add("errmsg", $"E11000 duplicate key error collection: {database}.{name} index: _id_")
                                .Build(),
                        ]
                    );
            store.Log("i", $"{database}.{name}", new BsonBuilder().AddAll(document.Elements));
            inserted++;
        }
        return new BsonBuilder().Add("n", inserted);
    }

    public static BsonBuilder Update(Store store, string database, BsonDocument command)
    {
        var name = command["update"]!.Value.AsText();
        var collection = store.Open(database, name);
        var modified = 0;
        foreach (var one in command["updates"]!.Value.AsList().Select(value => value.AsDocument()))
        {
            var filter = one["q"]!.Value.AsDocument();
            var change = one["u"]!.Value.AsDocument();
            var matched = collection.Documents.Values.Where(document => Query.Matches(document, filter));
            var isMany = one["multi"] is { } multi && multi.AsBool();
            var old = (isMany ? matched : matched.Take(1)).ToList();
            if (old.Count == 0 && one["upsert"] is { } upsert && upsert.AsBool())
                old.Add(WithId(new BsonBuilder().AddAll(filter.Elements).Build()));
            foreach (var document in old)
            {
                var changed = Apply(document, change);
                collection.Documents[changed["_id"]!.Value] = changed;
                store.Log("u", $"{database}.{name}", new BsonBuilder().AddAll(change.Elements));
                modified++;
            }
        }
        return new BsonBuilder().Add("n", modified).Add("nModified", modified);
    }

    public static BsonBuilder Delete(Store store, string database, BsonDocument command)
    {
        var name = command["delete"]!.Value.AsText();
        var removed = 0;
        foreach (var one in command["deletes"]!.Value.AsList().Select(value => value.AsDocument()))
        {
            var filter = one["q"]!.Value.AsDocument();
            var matched = store.Open(database, name).Documents.Where(pair => Query.Matches(pair.Value, filter));
            foreach (var (id, _) in (one["limit"]!.Value.AsInt64() == 1 ? matched.Take(1) : matched).ToList())
            {
                store.Open(database, name).Documents.Remove(id);
                store.Log("d", $"{database}.{name}", new BsonBuilder().Add("_id", id));
                removed++;
            }
        }
        return new BsonBuilder().Add("n", removed);
    }

    public static BsonBuilder CreateIndexes(Store store, string database, BsonDocument command)
    {
        var collection = store.Open(database, command["createIndexes"]!.Value.AsText());
        foreach (var index in command["indexes"]!.Value.AsList().Select(value => value.AsDocument()))
        {
            if (collection.Indexes.Any(other => other["name"]!.Value.Equals(index["name"]!.Value)))
                continue;
            var version = index["v"] is null ? new BsonBuilder().Add("v", 2) : new BsonBuilder();
            collection.Indexes.Add(version.AddAll(index.Elements).Build());
            store.Log("c", $"{database}.$cmd", new BsonBuilder().Add("createIndexes", collection.Name));
        }
        return new BsonBuilder();
    }

    private static BsonDocument Apply(BsonDocument document, BsonDocument change)
    {
        if (change["$set"] is not { } set)
            return new BsonBuilder()
                .Add("_id", document["_id"]!.Value)
                .AddAll(change.Elements.Where(e => e.Name != "_id"))
                .Build();
        var members = set.AsDocument();
        var kept = document.Elements.Where(e => members[e.Name] is null);
        return new BsonBuilder().AddAll(kept).AddAll(members.Elements).Build();
    }

    private static BsonDocument WithId(BsonDocument document) =>
        document["_id"] is not null
            ? document
            : new BsonBuilder()
                .Add("_id", new BsonValue(BsonType.ObjectId, RandomNumberGenerator.GetBytes(12)))
                .AddAll(document.Elements)
                .Build();
}
