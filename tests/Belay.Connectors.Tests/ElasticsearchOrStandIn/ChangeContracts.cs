using ConnectorKit;

namespace Belay.Connectors.Tests.ElasticsearchOrStandIn;

[Collection(SearchTests.Name)]
public sealed class CreateIndexContract(SharedSearch search) : ChangeContract
{
    protected override int Kills => 2;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var products = await search.NewProductsAsync(documents: 1);
        return new ProductsFixture(
            products,
            "elasticsearch.create-index",
            $$"""{ "connection": "search", "index": "{{products.New}}", "mappings": {{Products.Mappings}}, "settings": { "number_of_replicas": 0 } }"""
        );
    }
}

[Collection(SearchTests.Name)]
public sealed class ReindexContract(SharedSearch search) : ChangeContract
{
    protected override int Kills => 4;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var products = await search.NewProductsAsync();
        await products.CreateAsync(products.New);
        return new ProductsFixture(
            products,
            "elasticsearch.reindex",
            products.Copy(""", "field": "updated_at", "batch": 10""")
        );
    }
}

/// <summary>What was written since: the new index has an older copy, and documents that are gone.</summary>
[Collection(SearchTests.Name)]
public sealed class CatchUpContract(SharedSearch search) : ChangeContract
{
    protected override int Kills => 2;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var products = await search.NewProductsAsync();
        await products.CreateAsync(products.New);
        await products.ApplyAsync("elasticsearch.reindex", products.Copy());
        await products.PutAsync(products.Old, "p3", 300, updatedAt: 200_000);
        await products.PutAsync(products.Old, "p31", 31, updatedAt: 200_000);
        await products.DeleteAsync(products.Old, "p4");
        return new ProductsFixture(
            products,
            "elasticsearch.reindex",
            products.Copy(""", "field": "updated_at", "since": 150000, "overlap": 1000""")
        );
    }
}

[Collection(SearchTests.Name)]
public sealed class BlockWritesContract(SharedSearch search) : ChangeContract
{
    protected override int Kills => 1;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var products = await search.NewProductsAsync(documents: 1);
        return new ProductsFixture(
            products,
            "elasticsearch.block-writes",
            $$"""{ "connection": "search", "index": "{{products.Old}}" }"""
        );
    }
}

[Collection(SearchTests.Name)]
public sealed class SwitchAliasContract(SharedSearch search) : ChangeContract
{
    protected override int Kills => 2;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var products = await search.NewProductsAsync(documents: 10);
        await products.CreateAsync(products.New);
        await products.ApplyAsync("elasticsearch.reindex", products.Copy());
        return new ProductsFixture(products, "elasticsearch.switch-alias", products.Switch);
    }
}

[Collection(SearchTests.Name)]
public sealed class DeleteIndexContract(SharedSearch search) : ChangeContract
{
    protected override int Kills => 2;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var products = await search.NewProductsAsync(documents: 1);
        await products.CreateAsync(products.New);
        await products.PutAsync(products.New, "p1", 1);
        return new ProductsFixture(
            products,
            "elasticsearch.delete-index",
            $$"""{ "connection": "search", "index": "{{products.New}}", "idle-for": "50ms" }"""
        );
    }
}

[Collection(SearchTests.Name)]
public sealed class SnapshotContract(SharedSearch search) : ChangeContract
{
    protected override int Kills => 4;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        new Fixture(await search.NewProductsAsync());

    private sealed class Fixture(Products products)
        : ProductsFixture(
            products,
            "elasticsearch.snapshot",
            $$"""{ "connection": "search", "index": "{{products.Old}}", "repository": "{{SharedSearch.Repository}}" }"""
        )
    {
        private readonly Products products = products;

        public override async ValueTask WriteAfterBackupAsync(CancellationToken ct)
        {
            await products.PutAsync(products.Alias, "p1", 0);
            await products.DeleteAsync(products.Alias, "p2");
            await products.PutAsync(products.Alias, "later", 1);
        }
    }
}

[Collection(SearchTests.Name)]
public sealed class RestoreContract(SharedSearch search) : ChangeContract
{
    protected override int Kills => 2;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var products = await search.NewProductsAsync(documents: 5);
        var name = $"{products.Alias}-saved";
        await products.ApplyAsync(
            "elasticsearch.snapshot",
            $$"""{ "connection": "search", "index": "{{products.Old}}", "repository": "{{SharedSearch.Repository}}", "name": "{{name}}", "prove": "none" }"""
        );
        return new ProductsFixture(
            products,
            "elasticsearch.restore",
            $$"""{ "connection": "search", "repository": "{{SharedSearch.Repository}}", "snapshot": "{{name}}", "index": "{{products.Old}}", "into": "{{products.Alias}}-copy" }"""
        );
    }
}
