using Belay.Domain.Contract;

namespace Belay.Connectors.Tests.ElasticsearchOrStandIn;

[Collection(SearchTests.Name)]
public sealed class SnapshotTests(SharedSearch search)
{
    private const string Snapshot = "elasticsearch.snapshot";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_index_that_is_written_to_meanwhile_is_no_backup_and_nothing_is_left_behind()
    {
        using var products = await search.NewProductsAsync(documents: 10);
        await using var change = products.Change(Snapshot, Inputs(products));

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var progress in change.ApplyAsync(await change.ObserveAsync(Ct), Ct))
            {
                // Between the reading and the snapshot.
                if (progress.Message?.StartsWith("reading", StringComparison.Ordinal) == true)
                    await products.PutAsync(products.Alias, "p1", 2);
            }
        });

        Assert.Contains("stop the writers first", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            await products.SnapshotAsync(Ct),
            place => place.Key.Contains("scratch", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task After_the_index_was_deleted_it_comes_back_as_it_was_without_the_alias_and_open_for_writes()
    {
        using var products = await search.NewProductsAsync(documents: 10);
        await products.Index(products.Old).BlockWritesAsync(Ct);
        var (_, after) = await products.ApplyAsync(Snapshot, Inputs(products));
        await products.Index(products.Old).DeleteAsync(Ct);
        await using var change = products.Change(Snapshot, Inputs(products));

        var loss = await change.Backup!.CountLossAsync(after, Ct);
        await foreach (var _ in change.Backup!.RestoreAsync(after, Ct)) { }

        Assert.Null(loss.Count);
        Assert.IsType<Verdict.Holds>(await change.Backup!.VerifyRestoredAsync(after, Ct));
        Assert.Empty(await products.PointsAtAsync());
        await products.PutAsync(products.Old, "p1", 2);
    }

    [Fact]
    public async Task The_loss_is_the_number_of_writes_and_after_the_restore_it_counts_anew()
    {
        using var products = await search.NewProductsAsync(documents: 10);
        var (_, after) = await products.ApplyAsync(Snapshot, Inputs(products));
        await products.PutAsync(products.Alias, "p1", 2);
        await products.PutAsync(products.Alias, "p1", 3);
        await products.DeleteAsync(products.Alias, "p2");
        await using var change = products.Change(Snapshot, Inputs(products));

        var loss = await change.Backup!.CountLossAsync(after, Ct);
        await foreach (var _ in change.Backup!.RestoreAsync(after, Ct)) { }

        Assert.Equal(3, loss.Count);
        Assert.Equal(0, (await change.Backup!.CountLossAsync(after, Ct)).Count);
        // Restored in its place, it keeps the alias that points at it.
        Assert.Equal([products.Old], await products.PointsAtAsync());
    }

    [Fact]
    public async Task A_repository_that_the_cluster_does_not_know_is_named()
    {
        using var products = await search.NewProductsAsync(documents: 1);

        var failure = await products.FailAsync(
            Snapshot,
            $$"""{ "connection": "search", "index": "{{products.Old}}", "repository": "belay-nowhere" }"""
        );

        Assert.Contains("knows no repository belay-nowhere", failure.Message, StringComparison.Ordinal);
    }

    private static string Inputs(Products products) =>
        $$"""{ "connection": "search", "index": "{{products.Old}}", "repository": "{{SharedSearch.Repository}}" }""";
}
