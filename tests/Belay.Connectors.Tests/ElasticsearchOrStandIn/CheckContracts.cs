using Belay.ElasticsearchStandIn;
using ConnectorKit;

namespace Belay.Connectors.Tests.ElasticsearchOrStandIn;

public sealed class SameOnStandInContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct)
    {
        var server = SharedSearch.StartOwn();
        var products = await SharedSearch.NewProductsAsync(server);
        await products.CreateAsync(products.New);
        await products.ApplyAsync("elasticsearch.reindex", products.Copy());
        return new ProductsCheck(
            server,
            products,
            "elasticsearch.same",
            products.Copy(
                """, "queries": [ { "query": { "range": { "amount": { "gte": 10 } } }, "sort": [ { "amount": "asc" } ], "size": 5 } ]"""
            ),
            shop => shop.PutAsync(shop.Old, "p1", 7)
        );
    }
}

public sealed class IdleOnStandInContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct)
    {
        var server = SharedSearch.StartOwn();
        var products = await SharedSearch.NewProductsAsync(server, documents: 2);
        await products.CreateAsync(products.New);
        return new ProductsCheck(
            server,
            products,
            "elasticsearch.idle",
            $$"""{ "connection": "search", "index": "{{products.New}}", "for": "100ms" }""",
            shop => shop.Index(shop.New).CountAsync(TestContext.Current.CancellationToken)
        );
    }
}

public sealed class HealthOnStandInContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct)
    {
        var server = SharedSearch.StartOwn(new StandInOptions { OpenSearch = true });
        var products = await SharedSearch.NewProductsAsync(server, documents: 1);
        return new ProductsCheck(
            server,
            products,
            "elasticsearch.health",
            """{ "connection": "search", "product": "opensearch", "version": "2.17", "nodes": 1 }""",
            // Nobody said how many copies: one, for which there is no second node.
            shop => shop.PutAsync("guessed", "1", 1)
        );
    }
}
