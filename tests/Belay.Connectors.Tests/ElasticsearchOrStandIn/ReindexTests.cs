using System.Text.Json;
using Belay.Connectors.Elasticsearch;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.ElasticsearchStandIn;

namespace Belay.Connectors.Tests.ElasticsearchOrStandIn;

/// <summary>The facts about reindex, each with what a user would notice; the tests of servers that fail are on stand-ins of their own.</summary>
[Collection(SearchTests.Name)]
public sealed class ReindexTests(SharedSearch search)
{
    private const string Reindex = "elasticsearch.reindex";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_makes_no_index_for_it_would_guess_its_mappings()
    {
        using var products = await search.NewProductsAsync(documents: 2);

        var failure = await products.FailAsync(Reindex, products.Copy());

        Assert.Contains($"there is no index {products.New}", failure.Message, StringComparison.Ordinal);
        Assert.Null(await products.Index(products.New).FindAsync(Ct));
    }

    [Fact]
    public async Task Versions_are_kept_and_what_was_written_a_moment_ago_is_copied_too()
    {
        using var products = await search.NewProductsAsync();
        await products.CreateAsync(products.New);
        await products.PutAsync(products.Old, "just-now", 9);

        var (_, after) = await products.ApplyAsync(Reindex, products.Copy());

        Assert.Equal((31, 31), (after.Number("source-documents"), after.Number("target-documents")));
        var (state, verdict) = await products.CheckAsync("elasticsearch.same", products.Copy());
        Assert.IsType<Verdict.Holds>(verdict);
        Assert.Equal((0, 31), (state.Number("other-version"), state.Number("sampled")));
    }

    [Fact]
    public async Task A_newer_document_in_the_target_is_not_overwritten_and_the_step_says_so()
    {
        using var products = await search.NewProductsAsync();
        await products.CreateAsync(products.New);
        for (var times = 1; times <= 3; times++)
            await products.PutAsync(products.New, "p1", 77);

        var failure = await products.FailAsync(Reindex, products.Copy());

        Assert.Equal(77, await products.AmountAsync(products.New, "p1"));
        Assert.Contains("later version and with another content", failure.Message, StringComparison.Ordinal);
        Assert.Contains("p1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caught_up_by_a_field_the_new_index_has_what_was_written_and_not_what_was_deleted()
    {
        using var products = await search.NewProductsAsync();
        await products.CreateAsync(products.New);
        var (_, first) = await products.ApplyAsync(Reindex, products.Copy(""", "field": "updated_at" """));
        await products.PutAsync(products.Old, "p3", 300, updatedAt: 5_000);
        await products.PutAsync(products.Old, "p99", 99, updatedAt: 6_000);
        await products.DeleteAsync(products.Old, "p4");
        using var later = new Products(products.Settings, products.Alias);

        var (_, after) = await later.ApplyAsync(
            Reindex,
            products.Copy($""", "field": "updated_at", "since": {first.Number("through") + 1}, "overlap": 0""")
        );

        var copy = after.GetProperty("copy");
        Assert.Equal(
            (2, 1, 1, 1),
            (copy.Number("total"), copy.Number("created"), copy.Number("updated"), copy.Number("deleted"))
        );
        Assert.Equal(6_000, after.Number("through"));
        Assert.Equal(300, await products.AmountAsync(products.New, "p3"));
        Assert.Null(await products.AmountAsync(products.New, "p4"));
    }

    [Fact]
    public async Task A_document_that_the_target_turns_away_for_it_was_deleted_there_is_copied_all_the_same()
    {
        using var products = await search.NewProductsAsync(documents: 1);
        await products.CreateAsync(products.New);
        await products.PutAsync(products.New, "p1", 9);
        await products.DeleteAsync(products.New, "p1");

        var (_, after) = await products.ApplyAsync(Reindex, products.Copy());

        var copy = after.GetProperty("copy");
        Assert.Equal((0, 1, 1), (copy.Number("created"), copy.Number("conflicts"), copy.Number("repaired")));
        Assert.Equal(1, await products.AmountAsync(products.New, "p1"));
    }

    [Fact]
    public async Task A_copy_stays_done_when_its_source_is_deleted_later()
    {
        using var products = await search.NewProductsAsync(documents: 1);
        await products.CreateAsync(products.New);
        await products.ApplyAsync(Reindex, products.Copy());
        await products.Index(products.Old).DeleteAsync(Ct);

        await using var again = products.Change(Reindex, products.Copy());

        Assert.True(again.Plan(await again.ObserveAsync(Ct)).IsEmpty);
    }

    [Fact]
    public async Task Deletions_stay_where_the_plan_says_so()
    {
        using var products = await search.NewProductsAsync(documents: 3);
        await products.CreateAsync(products.New);
        await products.PutAsync(products.New, "only-here", 1);

        await products.ApplyAsync(Reindex, products.Copy(""", "deletes": "leave" """));

        Assert.Equal(1, await products.AmountAsync(products.New, "only-here"));
        var (state, verdict) = await products.CheckAsync("elasticsearch.same", products.Copy());
        Assert.IsType<Verdict.NotYet>(verdict);
        Assert.Equal(1, state.Number("stray"));
    }

    [Fact]
    public async Task A_document_that_the_new_mappings_refuse_ends_it_and_is_named()
    {
        using var products = await search.NewProductsAsync(documents: 3);
        await products.SendAsync(
            HttpMethod.Put,
            products.New,
            """{ "mappings": { "dynamic": "strict", "properties": { "amount": { "type": "long" } } } }"""
        );

        var failure = await products.FailAsync(Reindex, products.Copy());

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("strict_dynamic_mapping_exception", failure.Message, StringComparison.Ordinal);
        Assert.Contains("document p1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_does_not_grow_is_refused_before_anything_is_copied()
    {
        using var products = await search.NewProductsAsync(documents: 3);
        await products.CreateAsync(products.New);

        var failure = await products.FailAsync(Reindex, products.Copy(""", "field": "sku" """));

        Assert.Contains("of type keyword", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await products.Index(products.New).CountAsync(Ct));
    }

    [Fact]
    public async Task Left_while_it_copies_the_next_attempt_finds_the_same_task_and_tells_the_time_left()
    {
        await using var server = SharedSearch.StartOwn(
            new StandInOptions { BatchPause = TimeSpan.FromMilliseconds(40) }
        );
        using var products = await SharedSearch.NewProductsAsync(server, documents: 60);
        await products.CreateAsync(products.New);
        var inputs = products.Copy(""", "batch": 5""");
        await using (var left = products.Change(Reindex, inputs))
        {
            await foreach (var progress in left.ApplyAsync(await left.ObserveAsync(Ct), Ct))
            {
                if (progress.Done > 0)
                    break;
            }
        }

        var told = new List<Progress>();
        await using var next = products.Change(Reindex, inputs);
        await foreach (var progress in next.ApplyAsync(await next.ObserveAsync(Ct), Ct))
            told.Add(progress);

        var after = await next.ObserveAsync(Ct);
        Assert.Equal(
            (60, 0),
            (after.GetProperty("copy").Number("created"), after.GetProperty("copy").Number("conflicts"))
        );
        Assert.Contains(told, progress => progress.Message?.Contains(" left", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_task_that_went_with_its_node_is_begun_anew_and_nothing_is_copied_twice()
    {
        await using var server = SharedSearch.StartOwn(
            new StandInOptions { BatchPause = TimeSpan.FromMilliseconds(20) }
        );
        using var products = await SharedSearch.NewProductsAsync(server, documents: 60);
        await products.CreateAsync(products.New);
        await using var change = products.Change(Reindex, products.Copy(""", "batch": 5"""));
        var restarted = false;

        await foreach (var progress in change.ApplyAsync(await change.ObserveAsync(Ct), Ct))
        {
            if (!restarted && progress.Done > 0)
            {
                server.Restart();
                restarted = true;
            }
        }

        var copy = (await change.ObserveAsync(Ct)).GetProperty("copy");
        Assert.True(restarted);
        Assert.True(copy.Number("conflicts") > 0, "the second task found nothing of the first");
        Assert.Equal(60, copy.Number("created") + copy.Number("conflicts"));
        Assert.IsType<Verdict.Holds>((await products.CheckAsync("elasticsearch.same", products.Copy())).Verdict);
    }

    [Fact]
    public async Task From_another_cluster_it_copies_what_the_cluster_allows_and_shows_no_password()
    {
        await using var old = SharedSearch.StartOwn();
        await using var closed = SharedSearch.StartOwn();
        await using var open = SharedSearch.StartOwn(
            new StandInOptions { Remotes = [new Uri(old.Url).Authority], OpenSearch = true }
        );
        using var source = await SharedSearch.NewProductsAsync(old);
        using var target = new Products(SharedSearch.Settings(open), source.Alias);
        using var refusing = new Products(SharedSearch.Settings(closed), source.Alias);
        var inputs = source.Copy(""", "from-connection": "old" """);
        foreach (var products in new[] { target, refusing })
        {
            products.Connections["old"] = source.Settings;
            await products.CreateAsync(products.New);
        }

        var failure = await refusing.FailAsync(Reindex, inputs);
        await target.ApplyAsync(Reindex, inputs);

        Assert.Contains("reindex.remote.whitelist", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(SharedSearch.Password, failure.Message, StringComparison.Ordinal);
        Assert.IsType<Verdict.Holds>((await target.CheckAsync("elasticsearch.same", inputs)).Verdict);
    }

    [Fact]
    public async Task Throttled_it_keeps_to_the_documents_a_second()
    {
        using var products = await search.NewProductsAsync(documents: 20);
        await products.CreateAsync(products.New);
        var begun = TimeProvider.System.GetTimestamp();

        await products.ApplyAsync(Reindex, products.Copy(""", "batch": 5, "documents-per-second": 50"""));

        // Four batches of a tenth of a second each; the real one pads all but the last.
        Assert.True(TimeProvider.System.GetElapsedTime(begun) >= TimeSpan.FromSeconds(0.3));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    public async Task A_busy_cluster_that_loses_answers_ends_with_the_same_copy(int seed)
    {
        await using var server = SharedSearch.StartOwn();
        using var products = await SharedSearch.NewProductsAsync(server, documents: 60);
        await products.CreateAsync(products.New);
        await products.PutAsync(products.New, "stray", 1);
        await using var busy = new BusyCluster(server, seed);

        await BusyCluster.FinishAsync(products, Reindex, products.Copy(""", "batch": 10"""));

        Assert.True(busy.Faulted > 0, "the cluster was never busy");
        busy.Calm();
        Assert.IsType<Verdict.Holds>((await products.CheckAsync("elasticsearch.same", products.Copy())).Verdict);
    }

    [Fact]
    public async Task Undone_it_empties_an_index_that_was_empty_and_ends_the_task()
    {
        await using var server = SharedSearch.StartOwn(
            new StandInOptions { BatchPause = TimeSpan.FromMilliseconds(40) }
        );
        using var products = await SharedSearch.NewProductsAsync(server, documents: 60);
        await products.CreateAsync(products.New);
        var inputs = products.Copy(""", "batch": 5""");
        JsonElement before;
        await using (var left = products.Change(Reindex, inputs))
        {
            before = await left.ObserveAsync(Ct);
            await foreach (var progress in left.ApplyAsync(before, Ct))
            {
                if (progress.Done > 0)
                    break;
            }
        }

        await products.UndoAsync(Reindex, inputs, before);

        Assert.Equal(0, await products.Index(products.New).CountAsync(Ct));
        using var transport = new SearchTransport(products.Settings, TimeProvider.System);
        var tasks = await transport.SendAsync(SearchRequest.Get("_tasks?actions=*reindex"), Ct);
        Assert.DoesNotContain("indices:data/write/reindex", tasks.Body.ToString(), StringComparison.Ordinal);
    }
}
