using Belay.Connectors.MongoDb.Wire;

namespace Belay.MongoStandIn;

/// <summary>The commands, each as its page under https://www.mongodb.com/docs/manual/reference/command/ says. A command that is not here is refused, as the real server refuses one that it does not know.</summary>
internal sealed class Commands(StandInOptions options, Store store)
{
    private const int WireVersion = 21;
    private const int GreatestDocument = 16 * 1024 * 1024;
    private readonly Guid replicaSetId = Guid.NewGuid();
    private string featureCompatibility = options.FeatureCompatibility;

    /// <summary>Runs one and hands out the reply, also of a failure.</summary>
    public BsonDocument Run(ClientSession session, BsonDocument command)
    {
        var name = command.Elements.First().Name;
        try
        {
            lock (store.Gate)
                return Carry(session, name, command, command["$db"]!.Value.AsText()).Add("ok", 1.0).Build();
        }
        catch (CommandException no)
        {
            return new BsonBuilder().Add("ok", 0.0).Add("errmsg", no.Message).Add("code", no.Code).Build();
        }
    }

    private BsonBuilder Carry(ClientSession session, string name, BsonDocument command, string database)
    {
        switch (name)
        {
            case "hello" or "isMaster" or "ismaster":
                return Hello();
            case "saslStart":
                return session.Start(command);
            case "saslContinue":
                return session.Continue(command);
            case "ping" or "endSessions":
                return new BsonBuilder();
            case "buildInfo" or "buildinfo":
                return new BsonBuilder().Add("version", options.Version);
        }
        if (!session.IsLoggedIn)
            throw new CommandException(13, $"Command {name} requires authentication");
        return name switch
        {
            "getParameter" => new BsonBuilder().Add(
                "featureCompatibilityVersion",
                new BsonBuilder().Add("version", featureCompatibility).Build()
            ),
            "setFeatureCompatibilityVersion" => SetFeatureCompatibility(command),
            "replSetGetConfig" => Configuration(),
            "listDatabases" => new BsonBuilder().AddList(
                "databases",
                store.Databases.Select(db => new BsonBuilder().Add("name", db).Build())
            ),
            "listCollections" => Cursors.Begin(
                session,
                $"{database}.$cmd.listCollections",
                command,
                Listed(database)
                    .Where(c => command["filter"] is not { } filter || Query.Matches(c, filter.AsDocument()))
            ),
            "listIndexes" => Cursors.Begin(
                session,
                $"{database}.{Collection(command)}",
                command,
                Existing(database, command).Indexes
            ),
            "find" => Find(session, command, database),
            "getMore" => Cursors.Continue(session, command),
            "killCursors" => new BsonBuilder(),
            _ => CarryWrite(name, command, database),
        };
    }

    private BsonBuilder CarryWrite(string name, BsonDocument command, string database)
    {
        if (options.Primary is not null)
            throw new CommandException(10107, "not primary");
        switch (name)
        {
            case "insert":
                return Writes.Insert(store, database, command);
            case "update":
                return Writes.Update(store, database, command);
            case "delete":
                return Writes.Delete(store, database, command);
            case "create":
                if (store.Find(database, Collection(command)) is not null)
                    throw new CommandException(48, $"Collection {database}.{Collection(command)} already exists.");
                store.Open(database, Collection(command)).Options = new BsonBuilder()
                    .AddAll(
                        command
                            .Elements.Skip(1)
                            .Where(e => e.Name is not ("$db" or "lsid" or "writeConcern" or "apiVersion" or "idIndex"))
                    )
                    .Build();
                return new BsonBuilder();
            case "createIndexes":
                return Writes.CreateIndexes(store, database, command);
            case "drop":
                return store.Drop(database, Collection(command))
                    ? new BsonBuilder()
                    : throw new CommandException(26, "ns not found");
            case "dropDatabase":
                store.DropDatabase(database);
                return new BsonBuilder().Add("dropped", database);
            default:
                throw new CommandException(59, $"no such command: '{name}'");
        }
    }

    private BsonBuilder Hello()
    {
        var reply = new BsonBuilder()
            .Add("helloOk", true)
            .Add("isWritablePrimary", options.Primary is null)
            .Add("maxBsonObjectSize", GreatestDocument)
            .Add("maxMessageSizeBytes", 48_000_000)
            .Add("maxWriteBatchSize", 100_000)
            .Add("localTime", BsonType.Date, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds())
            .Add("minWireVersion", 0)
            .Add("maxWireVersion", WireVersion)
            .Add("readOnly", false);
        if (options.ReplicaSet is not { } set)
            return reply;
        var time = new BsonBuilder().Add("ts", BsonType.Timestamp, store.LastTime).Add("t", 1L).Build();
        return reply
            .Add("setName", set)
            .Add("primary", options.Primary ?? "127.0.0.1")
            .Add("lastWrite", new BsonBuilder().Add("opTime", time).Build());
    }

    private BsonBuilder Configuration()
    {
        if (options.ReplicaSet is not { } set)
            throw new CommandException(76, "not running with --replSet");
        var id = new BsonValue(BsonType.ObjectId, replicaSetId.ToByteArray().AsMemory(0, 12));
        var settings = new BsonBuilder().Add("replicaSetId", id).Build();
        return new BsonBuilder().Add("config", new BsonBuilder().Add("_id", set).Add("settings", settings).Build());
    }

    // From 7.0 on it asks to be confirmed (error 7369100).
    private BsonBuilder SetFeatureCompatibility(BsonDocument command)
    {
        var isConfirmed = command["confirm"] is { } confirm && confirm.AsBool();
        if (!isConfirmed && int.Parse(options.Version.Split('.')[0]) >= 7)
            throw new CommandException(
                7_369_100,
                "Once you have changed the FCV, ... re-run this command with 'confirm: true'"
            );
        featureCompatibility = command["setFeatureCompatibilityVersion"]!.Value.AsText();
        store.Log("c", "admin.$cmd", new BsonBuilder().Add("setFeatureCompatibilityVersion", featureCompatibility));
        return new BsonBuilder();
    }

    private BsonBuilder Find(ClientSession session, BsonDocument command, string database)
    {
        var filter = command["filter"] is { } given ? given.AsDocument() : BsonDocument.Empty;
        IEnumerable<BsonDocument> documents = (database, Collection(command)) switch
        {
            ("local", "oplog.rs") when !options.MayReadOplog => throw new CommandException(
                13,
                "not authorized on local to execute command"
            ),
            ("local", "oplog.rs") => store.Oplog,
            var (_, collection) => store.Find(database, collection)?.Documents.Values
                ?? Enumerable.Empty<BsonDocument>(),
        };
        var found = documents.Where(document => Query.Matches(document, filter));
        if (command["limit"] is { } limit && limit.AsInt64() > 0)
            found = found.Take((int)limit.AsInt64());
        return Cursors.Begin(session, $"{database}.{Collection(command)}", command, found);
    }

    private IEnumerable<BsonDocument> Listed(string database) =>
        database == "admin"
            ? [Describe("system.version", "collection", BsonDocument.Empty, store.Identity)]
            : store
                .Collections(database)
                .Select(c => Describe(c.Name, c.IsView ? "view" : "collection", c.Options, c.Id));

    private static BsonDocument Describe(string name, string type, BsonDocument options, Guid id) =>
        new BsonBuilder()
            .Add("name", name)
            .Add("type", type)
            .Add("options", options)
            .Add("info", new BsonBuilder().Add("readOnly", type == "view").Add("uuid", id.ToByteArray(), 4).Build())
            .Build();

    private StoredCollection Existing(string database, BsonDocument command) =>
        store.Find(database, Collection(command))
        ?? throw new CommandException(26, $"ns does not exist: {database}.{Collection(command)}");

    private static string Collection(BsonDocument command) => command.Elements.First().Value.AsText();
}
