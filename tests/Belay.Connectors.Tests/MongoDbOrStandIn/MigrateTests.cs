using Belay.Domain.Contract;
using Belay.MongoStandIn;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>The runner is the stand-in's.</summary>
public sealed class MigrateTests : IAsyncLifetime
{
    private readonly StandInServer server = StandInServer.Start();
    private ShopStep? shop;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ShopStep Step => shop!;

    public async ValueTask InitializeAsync()
    {
        shop = new ShopStep(
            new ShopDatabase(
                new()
                {
                    Host = "127.0.0.1",
                    Port = server.Port,
                    Database = SharedMongo.NewName(),
                }
            )
        );
        await Step.Shop.SeedAsync(20, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        Step.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task The_releases_runner_brings_the_database_to_the_version()
    {
        var after = await Step.ApplyAsync("mongodb.migrate", Inputs(42));

        Assert.Equal(42, after.GetProperty("version").GetInt32());
        Assert.Contains("new_in_42", (await Step.Shop.ReadAsync(Ct)).Keys);
    }

    [Fact]
    public async Task A_runner_that_fails_is_told_with_its_last_words()
    {
        var failure = await Step.FailAsync("mongodb.migrate", Inputs(42, "--fail-at=42"));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("migration 42 failed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runner_that_ends_well_and_leaves_another_version_is_no_success()
    {
        var failure = await Step.FailAsync("mongodb.migrate", Inputs(43, "--to=42"));

        Assert.Contains("ended well, and schema_version", failure.Message, StringComparison.Ordinal);
        Assert.Contains("is 42, not 43", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_at_another_version_is_not_touched()
    {
        await Step.Shop.RunAsync(
            """{ "update": "meta", "updates": [ { "q": { "_id": "schema" }, "u": { "$set": { "schema_version": 7 } } } ] }""",
            Ct
        );

        var failure = await Step.FailAsync("mongodb.migrate", Inputs(42));

        Assert.Contains("is 7, and this step leads from 41 to 42", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_say_its_version_is_not_touched()
    {
        await Step.Shop.RunAsync("""{ "drop": "meta" }""", Ct);

        var failure = await Step.FailAsync("mongodb.migrate", Inputs(42));

        Assert.Contains("no document", failure.Message, StringComparison.Ordinal);
    }

    // A later --to wins over an earlier one.
    private string Inputs(int to, string more = "--") =>
        $$"""
            {
              "connection": "db",
              "version": { "collection": "meta", "filter": { "_id": "schema" }, "path": "schema_version" },
              "from": 41,
              "to": {{to}},
              "command": ["{{StandInTools.Program}}", "migrate", "--port={{server.Port}}", "--db={{Step.Shop.Name}}", "--to={{to}}", "{{more}}"]
            }
            """;
}
