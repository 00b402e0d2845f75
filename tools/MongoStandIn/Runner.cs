using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;

namespace Belay.MongoStandIn;

/// <summary>What a release brings along, made small: a runner of migrations, and a service that writes orders.</summary>
internal static class Runner
{
    private const string Meta = "meta";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary><c>migrate --port=N --db=NAME --to=N [--fail-at=N]</c>: gives every order the member <c>schema</c>, makes a collection and an index for each version, and writes the version into <c>meta</c> last.</summary>
    public static async Task<int> MigrateAsync(ToolOptions options)
    {
        try
        {
            var database = options.Require("db");
            await using var session = await OpenAsync(options, database);
            var to = options.Number("to");
            for (var version = await VersionAsync(session, database) + 1; version <= to; version++)
            {
                await Console.Out.WriteLineAsync($"migrating {database} to schema {version}");
                await StepAsync(session, database, version);
                if (options["fail-at"] is not null && options.Number("fail-at") == version)
                    return ToolOptions.Fail($"migration {version} failed");
                await SetAsync(session, database, Meta, Id("schema"), new BsonBuilder().Add("schema_version", version));
            }
            return 0;
        }
        catch (Exception e) when (e is OperationException or ArgumentException)
        {
            return ToolOptions.Fail(e.Message);
        }
    }

    /// <summary><c>write --port=N --db=NAME --schema=N --acknowledged=FILE</c>: inserts orders until it is ended, and notes each that the server took. It refuses to work on another schema than its own.</summary>
    public static async Task<int> WriteAsync(ToolOptions options)
    {
        var database = options.Require("db");
        await using var session = await OpenAsync(options, database);
        if (await VersionAsync(session, database) != options.Number("schema"))
            return ToolOptions.Fail($"this release works on schema {options["schema"]} only");
        await using var notes = new StreamWriter(options.Require("acknowledged"), append: true) { AutoFlush = true };
        for (var number = 1; ; number++)
        {
            var order = $"{Environment.ProcessId}-{number}";
            var document = new BsonBuilder().Add("_id", order).Add("amount", number).Build();
            await session.RunAsync(
                database,
                new BsonBuilder().Add("insert", "orders").AddList("documents", [document]),
                CancellationToken.None
            );
            await notes.WriteLineAsync(order);
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private static Task<MongoSession> OpenAsync(ToolOptions options, string database) =>
        MongoSession.OpenAsync(options.Connection(database), TimeProvider.System, CancellationToken.None);

    private static async Task StepAsync(MongoSession session, string database, int version)
    {
        var all = new BsonBuilder()
            .Add("q", BsonDocument.Empty)
            .Add("u", new BsonBuilder().Add("$set", new BsonBuilder().Add("schema", version).Build()).Build())
            .Add("multi", true)
            .Build();
        await RunAsync(session, database, new BsonBuilder().Add("update", "orders").AddList("updates", [all]));
        await SetAsync(session, database, $"new_in_{version}", Id("first"), new BsonBuilder().Add("made", true));
        var index = new BsonBuilder()
            .Add("key", new BsonBuilder().Add("schema", 1).Build())
            .Add("name", $"schema_{version}")
            .Build();
        await RunAsync(session, database, new BsonBuilder().Add("createIndexes", "orders").AddList("indexes", [index]));
    }

    private static async Task<int> VersionAsync(MongoSession session, string database)
    {
        var find = new BsonBuilder().Add("find", Meta).Add("filter", Id("schema"));
        await foreach (var document in session.ReadAsync(database, find, CancellationToken.None))
            return (int)document["schema_version"]!.Value.AsInt64();
        throw OperationException.Refused("there is no document { _id: schema } in meta");
    }

    private static Task<BsonDocument> SetAsync(
        MongoSession session,
        string database,
        string collection,
        BsonDocument id,
        BsonBuilder members
    )
    {
        var one = new BsonBuilder()
            .Add("q", id)
            .Add("u", new BsonBuilder().Add("$set", members.Build()).Build())
            .Add("upsert", true)
            .Build();
        return RunAsync(session, database, new BsonBuilder().Add("update", collection).AddList("updates", [one]));
    }

    private static BsonDocument Id(string id) => new BsonBuilder().Add("_id", id).Build();

    private static Task<BsonDocument> RunAsync(MongoSession session, string database, BsonBuilder command) =>
        session.RunAsync(database, command, CancellationToken.None);
}
