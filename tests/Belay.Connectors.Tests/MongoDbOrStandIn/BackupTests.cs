using System.Text.Json;
using Belay.Connectors.MongoDb;
using Belay.Domain.Contract;
using Belay.MongoStandIn;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

[Collection(MongoTests.Name)]
public sealed class BackupTests(SharedMongo mongo)
{
    private const string Inputs =
        """{ "connection": "db", "to": "shop.archive", "schema": { "collection": "meta", "filter": { "_id": "schema" }, "path": "schema_version" } }""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_what_it_holds_and_leaves_no_scratch_database()
    {
        using var step = new ShopStep(await mongo.NewShopAsync(250));

        var archive = (await step.ApplyAsync("mongodb.backup", Inputs)).GetProperty("archive");

        Assert.Equal(251, archive.GetProperty("documents").GetInt64());
        Assert.Equal(41, archive.GetProperty("schema").GetInt32());
        Assert.True(archive.GetProperty("proven").GetBoolean());
        Assert.Equal("orders", archive.GetProperty("largest")[0].GetProperty("name").GetString());
        Assert.Equal([step.Shop.Name], await step.Shop.DatabasesAsync(Ct));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(step.Folder["plan/shop.archive"])
        );
    }

    [Fact]
    public async Task A_database_that_is_written_to_while_it_is_saved_is_refused()
    {
        using var step = new ShopStep(await mongo.NewShopAsync(20));
        await using var backup = step.Change("mongodb.backup", Inputs);
        var next = 1000;

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            // A customer orders at every telling of progress.
            await foreach (var _ in backup.ApplyAsync(await backup.ObserveAsync(Ct), Ct))
                await step.Shop.InsertAsync(next++, 1, Ct);
        });

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("stop the writers first", failure.Message, StringComparison.Ordinal);
        Assert.Contains("orders: a collection of ", failure.Message, StringComparison.Ordinal);
        Assert.Equal([step.Shop.Name], await step.Shop.DatabasesAsync(Ct));
        Assert.False(File.Exists(step.Folder["plan/shop.archive"]));
    }

    [Fact]
    public async Task A_restore_brings_back_documents_indexes_rules_and_views_and_drops_what_the_new_release_made()
    {
        using var step = new ShopStep(await mongo.NewShopAsync());
        var saved = await step.Shop.ReadAsync(Ct);
        var after = await step.ApplyAsync("mongodb.backup", Inputs);
        await step.Shop.RunAsync("""{ "drop": "large" }""", Ct);
        await step.Shop.RunAsync("""{ "drop": "meta" }""", Ct);
        await step.Shop.RunAsync("""{ "create": "made_by_4_2" }""", Ct);
        await step.Shop.RunAsync("""{ "create": "view_of_4_2", "viewOn": "orders", "pipeline": [] }""", Ct);
        await step.Shop.RunAsync(
            """{ "createIndexes": "orders", "indexes": [ { "key": { "at": 1 }, "name": "by_time" } ] }""",
            Ct
        );
        await using var backup = step.Change("mongodb.backup", Inputs);

        await foreach (var _ in backup.Backup!.RestoreAsync(after, Ct)) { }

        Assert.Equal(saved, await step.Shop.ReadAsync(Ct));
        Assert.IsType<Verdict.Holds>(await backup.Backup.VerifyRestoredAsync(after, Ct));
    }

    [Fact]
    public async Task What_was_written_since_is_counted_write_by_write_where_there_is_an_oplog()
    {
        using var step = new ShopStep(await mongo.NewShopAsync());
        var after = await step.ApplyAsync("mongodb.backup", Inputs);
        await using var backup = step.Change("mongodb.backup", Inputs);
        Assert.Equal(0, (await backup.Backup!.CountLossAsync(after, Ct)).Count);

        await step.Shop.InsertAsync(1000, 3, Ct);
        await step.Shop.RunAsync("""{ "delete": "orders", "deletes": [ { "q": { "_id": 1 }, "limit": 1 } ] }""", Ct);
        var loss = await backup.Backup.CountLossAsync(after, Ct);

        Assert.Equal((4, WritesSince.Logged), (loss.Count, loss.Unit));
        await foreach (var _ in backup.Backup.RestoreAsync(after, Ct)) { }
        Assert.Equal(0, (await backup.Backup.CountLossAsync(after, Ct)).Count);
        await step.Shop.InsertAsync(2000, 1, Ct);
        Assert.Equal(1, (await backup.Backup.CountLossAsync(after, Ct)).Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("rs0")]
    public async Task Without_an_oplog_that_may_be_read_it_is_counted_by_comparing_and_says_so(string? replicaSet)
    {
        await using var server = StandInServer.Start(
            new StandInOptions { ReplicaSet = replicaSet, MayReadOplog = false }
        );
        using var step = new ShopStep(new ShopDatabase(mongo.Settings(server, SharedMongo.NewName())));
        await step.Shop.SeedAsync(10, Ct);
        var after = await step.ApplyAsync("mongodb.backup", Inputs);
        await using var backup = step.Change("mongodb.backup", Inputs);
        Assert.Equal(0, (await backup.Backup!.CountLossAsync(after, Ct)).Count);

        await step.Shop.InsertAsync(1000, 3, Ct);
        await step.Shop.RunAsync(
            """{ "update": "meta", "updates": [ { "q": { "_id": "schema" }, "u": { "$set": { "schema_version": 42 } } } ] }""",
            Ct
        );
        var loss = await backup.Backup.CountLossAsync(after, Ct);

        Assert.Equal((4, WritesSince.Compared), (loss.Count, loss.Unit));
    }

    [Fact]
    public async Task An_archive_that_was_changed_is_not_restored()
    {
        using var step = new ShopStep(await mongo.NewShopAsync(5));
        var after = await step.ApplyAsync("mongodb.backup", Inputs);
        var saved = await step.Shop.ReadAsync(Ct);
        await File.AppendAllTextAsync(step.Folder["plan/shop.archive"], "x", Ct);
        await using var backup = step.Change("mongodb.backup", Inputs);

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in backup.Backup!.RestoreAsync(after, Ct)) { }
        });

        Assert.Contains("it is not restored", failure.Message, StringComparison.Ordinal);
        Assert.Equal(saved, await step.Shop.ReadAsync(Ct));
    }

    [Fact]
    public async Task A_file_that_another_step_made_is_never_overwritten()
    {
        using var step = new ShopStep(await mongo.NewShopAsync(1));
        step.Folder.Write("plan/shop.archive", "precious");
        await using var backup = step.Change("mongodb.backup", Inputs);

        var failure = await Assert.ThrowsAsync<OperationException>(async () => await backup.ObserveAsync(Ct));

        Assert.Contains("is there already", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_cannot_be_saved()
    {
        using var step = new ShopStep(new ShopDatabase(mongo.Settings(SharedMongo.NewName())));

        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            step.ApplyAsync("mongodb.backup", """{ "connection": "db", "to": "a" }""")
        );

        Assert.Contains("is empty, or is not there", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tools_read_the_password_from_their_input_and_never_from_their_arguments()
    {
        var settings = new MongoDbSettings
        {
            Host = "db.example",
            Port = 27018,
            Database = "shop",
            User = "belay",
            Password = new Secret("hunter22"),
            Tls = true,
            TlsCa = "/etc/ca.pem",
        };

        var dump = Tools.Dump(settings, "/b/a.gz");
        var restore = Tools.Restore(settings, "/b/a.gz", "shop", "scratch");

        Assert.Equal(
            "mongodump --host=db.example --port=27018 --username=belay --authenticationDatabase=admin --ssl --sslCAFile=/etc/ca.pem --db=shop --archive=/b/a.gz --gzip",
            dump.ToString()
        );
        Assert.Equal(
            "mongorestore --host=db.example --port=27018 --username=belay --authenticationDatabase=admin --ssl --sslCAFile=/etc/ca.pem --archive=/b/a.gz --gzip '--nsInclude=shop.*' '--nsFrom=shop.*' '--nsTo=scratch.*' --drop --stopOnError",
            restore.ToString()
        );
        Assert.All([dump, restore], command => Assert.Equal("hunter22\n", command.Input));
    }
}
