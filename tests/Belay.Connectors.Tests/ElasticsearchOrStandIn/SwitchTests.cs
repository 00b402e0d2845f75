using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.ElasticsearchStandIn;

namespace Belay.Connectors.Tests.ElasticsearchOrStandIn;

/// <summary>Alias, block of writes, deletion: what moves the users, and what refuses to hurt them.</summary>
[Collection(SearchTests.Name)]
public sealed class SwitchTests(SharedSearch search)
{
    private const string Switch = "elasticsearch.switch-alias";
    private const string Delete = "elasticsearch.delete-index";
    private const string Create = "elasticsearch.create-index";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Taken_back_what_was_written_to_the_new_index_is_in_the_old_one_and_writes_go_on()
    {
        using var products = await search.NewProductsAsync();
        await CopyAsync(products);
        var (before, _) = await products.ApplyAsync(Switch, products.Switch);
        await products.PutAsync(products.Alias, "p1", 111);
        await products.PutAsync(products.Alias, "new", 5);
        await products.DeleteAsync(products.Alias, "p2");

        await products.UndoAsync(Switch, products.Switch, before);

        Assert.Equal([products.Old], await products.PointsAtAsync());
        Assert.Equal(111, await products.AmountAsync(products.Old, "p1"));
        Assert.Equal(5, await products.AmountAsync(products.Old, "new"));
        Assert.Null(await products.AmountAsync(products.Old, "p2"));
        await products.PutAsync(products.Alias, "p1", 112);
        Assert.False((await products.Index(products.New).RequireAsync(Ct)).IsBlocked);
    }

    [Fact]
    public async Task A_product_that_was_deleted_in_a_later_version_and_is_made_anew_is_carried_back_too()
    {
        using var products = await search.NewProductsAsync(documents: 2);
        await CopyAsync(products);
        // The old index remembers a deletion of version 5; the new one, which was told of the deletion alone, counts on from 2.
        for (var times = 1; times <= 3; times++)
            await products.PutAsync(products.Old, "p1", times);
        await products.DeleteAsync(products.Old, "p1");
        using var later = new Products(products.Settings, products.Alias);
        await later.ApplyAsync("elasticsearch.reindex", products.Copy());
        var (before, _) = await products.ApplyAsync(Switch, products.Switch);
        await products.PutAsync(products.Alias, "p1", 42);

        await products.UndoAsync(Switch, products.Switch, before);

        Assert.Equal(42, await products.AmountAsync(products.Old, "p1"));
    }

    [Fact]
    public async Task Taken_back_by_a_busy_cluster_nothing_is_lost_either()
    {
        await using var server = SharedSearch.StartOwn();
        using var products = await SharedSearch.NewProductsAsync(server);
        await CopyAsync(products);
        var (before, _) = await products.ApplyAsync(Switch, products.Switch);
        await products.PutAsync(products.Alias, "new", 5);
        await using (var busy = new BusyCluster(server, seed: 5))
        {
            for (var done = false; !done; )
            {
                try
                {
                    await products.UndoAsync(Switch, products.Switch, before);
                    done = true;
                }
                catch (OperationException e) when (e.Kind != FailureKind.Refused)
                {
                    // As the engine: again.
                }
            }
        }

        Assert.Equal([products.Old], await products.PointsAtAsync());
        Assert.Equal(5, await products.AmountAsync(products.Old, "new"));
        await products.PutAsync(products.Alias, "p1", 112);
    }

    [Fact]
    public async Task What_somebody_wrote_to_the_old_index_meanwhile_is_not_overwritten_and_nothing_is_switched_back()
    {
        using var products = await search.NewProductsAsync();
        await CopyAsync(products);
        var (before, _) = await products.ApplyAsync(Switch, products.Switch);
        await products.PutAsync(products.Old, "p1", 99);

        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            products.UndoAsync(Switch, products.Switch, before)
        );

        Assert.Contains("p1", failure.Message, StringComparison.Ordinal);
        Assert.Equal([products.New], await products.PointsAtAsync());
        Assert.Equal(99, await products.AmountAsync(products.Old, "p1"));
        await products.PutAsync(products.Alias, "p5", 1);
    }

    [Fact]
    public async Task An_alias_that_somebody_else_moved_is_left_alone()
    {
        using var products = await search.NewProductsAsync(documents: 1);
        await products.CreateAsync(products.New);
        var third = $"{products.Alias}-v3";
        await products.CreateAsync(third);
        await products.SendAsync(
            HttpMethod.Post,
            "_aliases",
            $$"""{ "actions": [ { "remove": { "index": "{{products.Old}}", "alias": "{{products.Alias}}" } }, { "add": { "index": "{{third}}", "alias": "{{products.Alias}}" } } ] }"""
        );

        var failure = await products.FailAsync(Switch, products.Switch);

        Assert.Contains("somebody else has moved it", failure.Message, StringComparison.Ordinal);
        Assert.Equal([third], await products.PointsAtAsync());
    }

    [Fact]
    public async Task The_filter_of_an_alias_moves_with_it()
    {
        using var products = await search.NewProductsAsync(documents: 1);
        await CopyAsync(products);
        await products.SendAsync(
            HttpMethod.Post,
            "_aliases",
            $$"""{ "actions": [ { "add": { "index": "{{products.Old}}", "alias": "{{products.Alias}}", "filter": { "term": { "sku": "p1" } } } } ] }"""
        );

        await products.ApplyAsync(Switch, products.Switch);

        var alias = await products.SendAsync(HttpMethod.Get, $"_alias/{products.Alias}");
        Assert.Equal("p1", alias.Body.Text(products.New, "aliases", products.Alias, "filter", "term", "sku"));
    }

    [Fact]
    public async Task While_writes_are_blocked_none_is_taken_and_afterwards_they_go_on()
    {
        using var products = await search.NewProductsAsync(documents: 1);
        var inputs = $$"""{ "connection": "search", "index": "{{products.Old}}" }""";
        var (before, _) = await products.ApplyAsync("elasticsearch.block-writes", inputs);

        var refused = await Assert.ThrowsAsync<OperationException>(() => products.PutAsync(products.Alias, "p1", 2));
        await products.UndoAsync("elasticsearch.block-writes", inputs, before);

        Assert.Contains("cluster_block_exception", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("privilege", refused.Message, StringComparison.Ordinal);
        await products.PutAsync(products.Alias, "p1", 2);
    }

    [Fact]
    public async Task An_index_to_which_an_alias_points_is_not_deleted()
    {
        using var products = await search.NewProductsAsync(documents: 1);

        var failure = await products.FailAsync(Delete, DeleteOf(products.Old, "20ms"));

        Assert.Contains($"the alias {products.Alias} points at it", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, await products.AmountAsync(products.Old, "p1"));
    }

    [Fact]
    public async Task An_index_that_is_searched_is_not_deleted()
    {
        await using var server = SharedSearch.StartOwn();
        using var products = await SharedSearch.NewProductsAsync(server, documents: 1);
        await products.CreateAsync(products.New);
        var deleting = products.FailAsync(Delete, DeleteOf(products.New, "300ms"));
        while (!deleting.IsCompleted)
            await products.Index(products.New).CountAsync(Ct);

        Assert.Contains("searches", (await deleting).Message, StringComparison.Ordinal);
        Assert.NotNull(await products.Index(products.New).FindAsync(Ct));
    }

    [Fact]
    public async Task An_index_of_the_same_name_that_is_another_one_is_not_deleted()
    {
        using var products = await search.NewProductsAsync(documents: 1);
        await products.CreateAsync(products.New);
        await using var change = products.Change(Delete, DeleteOf(products.New, "20ms"));
        var before = await change.ObserveAsync(Ct);
        await products.Index(products.New).DeleteAsync(Ct);
        await products.CreateAsync(products.New);

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in change.ApplyAsync(before, Ct)) { }
        });

        Assert.Contains("another index", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_that_somebody_else_filled_is_not_deleted_with_the_step_that_made_it()
    {
        using var products = await search.NewProductsAsync(documents: 1);
        var inputs = $$"""{ "connection": "search", "index": "{{products.New}}", "mappings": {{Products.Mappings}} }""";
        var (before, _) = await products.ApplyAsync(Create, inputs);
        await products.PutAsync(products.New, "p1", 1);

        var failure = await Assert.ThrowsAsync<OperationException>(() => products.UndoAsync(Create, inputs, before));

        Assert.Contains("no reindex of this run filled it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_that_a_reindex_of_the_run_filled_is_deleted_with_the_step_that_made_it()
    {
        using var products = await search.NewProductsAsync(documents: 3);
        var inputs = $$"""{ "connection": "search", "index": "{{products.New}}", "mappings": {{Products.Mappings}} }""";
        var (before, _) = await products.ApplyAsync(Create, inputs);
        await products.ApplyAsync("elasticsearch.reindex", products.Copy());

        await products.UndoAsync(Create, inputs, before);

        Assert.Null(await products.Index(products.New).FindAsync(Ct));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("products,orders")]
    [InlineData("Products")]
    [InlineData("_all")]
    public void A_pattern_is_no_name_of_an_index(string index) =>
        Assert.NotEmpty(
            TestProgram
                .Instance.Catalog.Find(Delete)!
                .Validate(System.Text.Json.JsonElement.Parse(DeleteOf(index, "1s")))
        );

    private static async Task CopyAsync(Products products)
    {
        await products.CreateAsync(products.New);
        await products.ApplyAsync("elasticsearch.reindex", products.Copy());
    }

    private static string DeleteOf(string index, string idleFor) =>
        $$"""{ "connection": "search", "index": "{{index}}", "idle-for": "{{idleFor}}" }""";
}
