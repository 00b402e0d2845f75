using Belay.Connectors.MongoDb.Wire;

namespace Belay.MongoStandIn;

/// <summary>The databases, and the oplog of a replica set. One caller at a time: hold <see cref="Gate"/>.</summary>
internal sealed class Store(bool keepsOplog)
{
    private readonly SortedDictionary<string, SortedDictionary<string, StoredCollection>> databases = new(
        StringComparer.Ordinal
    );

    public Lock Gate { get; } = new();

    /// <summary>The entries of <c>local.oplog.rs</c>.</summary>
    public List<BsonDocument> Oplog { get; } = [];

    /// <summary>The time of the last entry: seconds, then a counter.</summary>
    public long LastTime { get; private set; } = Now();

    /// <summary>The UUID of <c>admin.system.version</c>.</summary>
    public Guid Identity { get; } = Guid.NewGuid();

    public IEnumerable<string> Databases => databases.Keys;

    public IEnumerable<StoredCollection> Collections(string database) =>
        databases.TryGetValue(database, out var found) ? found.Values : [];

    public StoredCollection? Find(string database, string collection) =>
        databases.GetValueOrDefault(database)?.GetValueOrDefault(collection);

    /// <summary>The collection; made when it is not there, as an insert does.</summary>
    public StoredCollection Open(string database, string collection)
    {
        if (Find(database, collection) is { } found)
            return found;
        if (!databases.TryGetValue(database, out var siblings))
            databases[database] = siblings = new(StringComparer.Ordinal);
        Log("c", $"{database}.$cmd", new BsonBuilder().Add("create", collection));
        return siblings[collection] = new StoredCollection(collection);
    }

    public bool Drop(string database, string collection)
    {
        if (databases.GetValueOrDefault(database)?.Remove(collection) is not true)
            return false;
        Log("c", $"{database}.$cmd", new BsonBuilder().Add("drop", collection));
        if (databases[database].Count == 0)
            databases.Remove(database);
        return true;
    }

    public void DropDatabase(string database)
    {
        foreach (var collection in Collections(database).ToList())
            Drop(database, collection.Name);
    }

    /// <summary>Writes an entry of the oplog (https://www.mongodb.com/docs/manual/core/replica-set-oplog/).</summary>
    public void Log(string operation, string place, BsonBuilder what)
    {
        if (!keepsOplog)
            return;
        LastTime = Math.Max(LastTime + 1, Now());
        Oplog.Add(
            new BsonBuilder()
                .Add("ts", BsonType.Timestamp, LastTime)
                .Add("op", operation)
                .Add("ns", place)
                .Add("o", what.Build())
                .Build()
        );
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() << 32;
}

/// <summary>A collection or a view.</summary>
internal sealed class StoredCollection(string name)
{
    public string Name => name;

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>As <c>create</c> was told.</summary>
    public BsonDocument Options { get; set; } = BsonDocument.Empty;

    public bool IsView => Options["viewOn"] is not null;

    /// <summary>By <c>_id</c>, in the order of insertion.</summary>
    public OrderedDictionary<BsonValue, BsonDocument> Documents { get; } = [];

    /// <summary>As <c>createIndexes</c> was told; the first is that of <c>_id</c>.</summary>
    public List<BsonDocument> Indexes { get; } =
    [new BsonBuilder().Add("v", 2).Add("key", new BsonBuilder().Add("_id", 1).Build()).Add("name", "_id_").Build()];
}
