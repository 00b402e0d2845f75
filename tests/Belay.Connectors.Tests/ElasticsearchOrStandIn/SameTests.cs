using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.ElasticsearchStandIn;

namespace Belay.Connectors.Tests.ElasticsearchOrStandIn;

[Collection(SearchTests.Name)]
public sealed class SameTests(SharedSearch search)
{
    private const string Same = "elasticsearch.same";

    [Fact]
    public async Task Nothing_is_not_the_same_as_nothing()
    {
        using var products = await search.NewProductsAsync(documents: 0);
        await products.CreateAsync(products.New);

        var (_, verdict) = await products.CheckAsync(Same, products.Copy());

        Assert.Contains("proves nothing", Assert.IsType<Verdict.NotYet>(verdict).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Equal_counts_do_not_hide_what_is_missing_what_is_too_many_and_what_says_something_else()
    {
        using var products = await search.NewProductsAsync(documents: 4);
        await products.CreateAsync(products.New);
        await products.PutAsync(products.New, "p1", 1);
        // In the old index p3 was written once, too: the same version, another content.
        await products.PutAsync(products.New, "p3", 999);
        await products.PutAsync(products.New, "p2", 222);
        await products.PutAsync(products.New, "other", 4);

        var (state, verdict) = await products.CheckAsync(Same, products.Copy());

        Assert.Equal((4, 4), (state.Number("source-documents"), state.Number("target-documents")));
        Assert.Equal(
            (1, 1, 1, 1),
            (
                state.Number("missing"),
                state.Number("stray"),
                state.Number("other-version"),
                state.Number("other-content")
            )
        );
        Assert.Contains("p4 is missing", Assert.IsType<Verdict.NotYet>(verdict).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_that_finds_something_else_under_the_new_mappings_is_shown_with_both_numbers()
    {
        await using var server = SharedSearch.StartOwn();
        using var products = await SharedSearch.NewProductsAsync(server, documents: 4);
        await products.SendAsync(
            HttpMethod.Put,
            products.New,
            """{ "mappings": { "properties": { "amount": { "type": "keyword" } } } }"""
        );
        await products.ApplyAsync("elasticsearch.reindex", products.Copy());

        var (state, verdict) = await products.CheckAsync(
            Same,
            products.Copy(
                """, "queries": [ { "query": { "term": { "sku": "p1" } } }, { "query": { "range": { "updated_at": { "gte": "1970-01-01T00:00:01Z" } } } } ]"""
            )
        );

        Assert.IsType<Verdict.NotYet>(verdict);
        var queries = state.GetProperty("queries");
        Assert.True(queries[0].IsTrue("same"));
        Assert.Equal((4, 0), (queries[1].Number("in-source"), queries[1].Number("in-target")));
    }

    [Fact]
    public async Task Both_products_say_which_they_are_and_another_service_is_neither()
    {
        await using var elasticsearch = SharedSearch.StartOwn();
        await using var openSearch = SharedSearch.StartOwn(new StandInOptions { OpenSearch = true });
        using var first = await SharedSearch.NewProductsAsync(elasticsearch, documents: 1);
        using var second = await SharedSearch.NewProductsAsync(openSearch, documents: 1);
        const string Any = """{ "connection": "search", "status": "red" }""";

        Assert.Equal("elasticsearch", (await first.CheckAsync("elasticsearch.health", Any)).State.Text("product"));
        Assert.Equal("opensearch", (await second.CheckAsync("elasticsearch.health", Any)).State.Text("product"));
        var (_, verdict) = await second.CheckAsync(
            "elasticsearch.health",
            """{ "connection": "search", "product": "elasticsearch" }"""
        );
        Assert.Contains("is opensearch 2.17.1", Assert.IsType<Verdict.Broken>(verdict).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_says_which_one_it_is_also_after_a_restart_and_a_wrong_password_is_not_shown()
    {
        await using var server = SharedSearch.StartOwn();
        await using var other = SharedSearch.StartOwn();
        var ct = TestContext.Current.CancellationToken;
        var settings = SharedSearch.Settings(server);

        var id = await settings.IdentifyAsync(TimeProvider.System, ct);
        server.Restart();

        Assert.NotNull(id);
        Assert.Equal(id, await settings.IdentifyAsync(TimeProvider.System, ct));
        Assert.NotEqual(id, await SharedSearch.Settings(other).IdentifyAsync(TimeProvider.System, ct));
        var wrong = settings with { Password = new Secret("wrong-horse") };
        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
            await wrong.IdentifyAsync(TimeProvider.System, ct)
        );
        Assert.Contains("401", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-horse", failure.Message, StringComparison.Ordinal);
    }
}
