using Belay.Connectors.MongoDb;
using Belay.Domain.Contract;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

[Collection(MongoTests.Name)]
public sealed class RestoreTests(SharedMongo mongo)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_in_use_is_refused_unless_the_step_names_it()
    {
        using var step = await SavedAsync();

        var unnamed = await step.FailAsync("mongodb.restore", """{ "connection": "db", "from": "shop.archive" }""");
        var other = await step.FailAsync(
            "mongodb.restore",
            """{ "connection": "db", "from": "shop.archive", "replace": "shop_of_yesterday" }"""
        );

        Assert.Contains($"say replace: {step.Shop.Name}", unnamed.Message, StringComparison.Ordinal);
        Assert.Contains("replace names the database shop_of_yesterday", other.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Refused, other.Kind);
    }

    [Fact]
    public async Task What_is_lost_is_shown_before_it_is_done()
    {
        using var step = await SavedAsync();
        await step.Shop.InsertAsync(1000, 7, Ct);
        await using var restore = step.Change("mongodb.restore", Replace(step.Shop.Name));

        var line = Assert.Single(restore.Plan(await restore.ObserveAsync(Ct)).Lines);

        Assert.Contains($"lost are 7 {WritesSince.Logged}", line.From, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_restored_it_is_done_for_this_run_whatever_users_write_then()
    {
        using var step = await SavedAsync();
        var saved = await step.Shop.ReadAsync(Ct);
        await step.Shop.RunAsync("""{ "insert": "later", "documents": [ { "_id": 1 } ] }""", Ct);
        await step.ApplyAsync("mongodb.restore", Replace(step.Shop.Name));
        Assert.Equal(saved, await step.Shop.ReadAsync(Ct));

        await step.Shop.InsertAsync(1000, 1, Ct);
        await using var again = step.Change("mongodb.restore", Replace(step.Shop.Name));

        Assert.True(again.Plan(await again.ObserveAsync(Ct)).IsEmpty);
    }

    [Fact]
    public async Task An_archive_without_its_description_is_refused()
    {
        using var step = await SavedAsync();
        File.Delete(step.Folder["plan/shop.archive.belay.json"]);

        var failure = await step.FailAsync("mongodb.restore", Replace(step.Shop.Name));

        Assert.Contains("without the description nobody knows", failure.Message, StringComparison.Ordinal);
    }

    private async Task<ShopStep> SavedAsync()
    {
        var step = new ShopStep(await mongo.NewShopAsync(30));
        await step.ApplyAsync("mongodb.backup", """{ "connection": "db", "to": "shop.archive", "prove": "none" }""");
        return step;
    }

    private static string Replace(string name) =>
        $$"""{ "connection": "db", "from": "shop.archive", "replace": "{{name}}" }""";
}
