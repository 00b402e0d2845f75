using Belay.Domain.Journal;
using Belay.Engine.Ports;
using Xunit;

namespace JournalKit;

/// <summary>What every store's journals do.</summary>
public abstract class JournalStoreContract<TStore> : StoreContract<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task A_new_journal_holds_the_start_of_its_run()
    {
        var lease = await LeaseAsync();

        var journal = await CreateAsync("run-1", lease);

        Assert.Equal("run-1", journal.Run);
        Assert.Equal(0, journal.Torn);
        var first = Assert.Single(journal.History);
        Assert.Equal(1, first.Sequence);
        Assert.Equal(lease.Fence, first.Fence);
        Assert.Equal(JournalLine.Genesis, first.Previous);
        Assert.Equal("run-1", Assert.IsType<RunStarted>(first.Event).Run);
        Assert.Equal(first.Hash, Assert.Single(await ReadAsync("run-1")).Hash);
    }

    [Fact]
    public async Task A_run_tells_how_it_began()
    {
        var journal = await CreateAsync("run-1", await LeaseAsync());
        journal.Append(Sample.Event(1));
        await journal.CommitAsync();
        var first = Assert.IsType<RunStarted>(journal.History[0].Event);

        var began = await First.Journals.BeginningAsync("run-1", Ct);

        Assert.Equal((first.Plan.Environment, first.PlanFile), (began.Environment, began.PlanFile));
        Assert.Equal<KeyValuePair<string, string>>(first.Inputs, began.Inputs);
        var missing = await Assert.ThrowsAsync<JournalException>(() => First.Journals.BeginningAsync("another", Ct));
        Assert.Equal(JournalFault.Missing, missing.Fault);
    }

    [Fact]
    public async Task What_was_appended_is_read_in_its_order_and_chained()
    {
        var journal = await CreateAsync("run-1", await LeaseAsync());
        var appended = Enumerable.Range(1, 500).Select(i => journal.Append(Sample.Event(i))).ToList();
        await journal.CommitAsync();

        var read = await ReadAsync("run-1");

        Assert.Equal(appended.Select(entry => entry.Hash), read.Skip(1).Select(entry => entry.Hash));
        Assert.Equal(appended.Select(Sample.StepOf), read.Skip(1).Select(Sample.StepOf));
        Assert.Equal(appended.Select(entry => entry.At), read.Skip(1).Select(entry => entry.At));
        Assert.All(read.Zip(read.Skip(1)), pair => Assert.Equal(pair.First.Hash, pair.Second.Previous));
        Assert.Equal(Enumerable.Range(1, 501).Select(i => (long)i), read.Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task An_opened_journal_has_its_history_and_goes_on_after_it()
    {
        var before = await LeaseAsync();
        var journal = await CreateAsync("run-1", before);
        var last = journal.Append(Sample.Event(1));
        await journal.CommitAsync();
        await journal.DisposeAsync();
        await before.DisposeAsync();
        var lease = await LeaseAsync();

        var again = await OpenAsync("run-1", lease);
        var next = again.Append(Sample.Event(2));
        await again.CommitAsync();

        Assert.Equal(2, again.History.Count);
        Assert.Equal(last.Hash, again.History[1].Hash);
        Assert.Equal(last.Hash, next.Previous);
        Assert.Equal(3, next.Sequence);
        Assert.True(next.Fence > last.Fence);
        Assert.Equal(3, (await ReadAsync("run-1")).Count);
    }

    [Fact]
    public async Task What_was_appended_but_not_committed_is_read_soon()
    {
        var journal = await CreateAsync("run-1", await LeaseAsync());

        journal.Append(Sample.Event(1));

        await Eventually.HoldsAsync(async () => (await ReadAsync("run-1")).Count == 2, Ct);
    }

    [Fact]
    public async Task What_was_appended_but_not_committed_is_kept_when_the_journal_is_closed()
    {
        var journal = await CreateAsync("run-1", await LeaseAsync());
        journal.Append(Sample.Event(1));

        await journal.DisposeAsync();

        Assert.Equal(2, (await ReadAsync("run-1")).Count);
        Assert.Throws<ObjectDisposedException>(() => journal.Append(Sample.Event(2)));
    }

    [Fact]
    public async Task A_commit_of_nothing_new_ends_at_once()
    {
        var journal = await CreateAsync("run-1", await LeaseAsync());

        Assert.True(journal.CommitAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Many_threads_append_and_commit_and_the_chain_has_one_order()
    {
        const int threads = 8;
        const int each = 200;
        var journal = await CreateAsync("run-1", await LeaseAsync());
        await Task.WhenAll(
            Enumerable
                .Range(0, threads)
                .Select(thread =>
                    Task.Run(
                        async () =>
                        {
                            for (var i = 0; i < each; i++)
                            {
                                journal.Append(new StepStarted { Step = $"{thread}/{i}" });
                                if (i % 3 == 0)
                                    await journal.CommitAsync();
                            }
                            await journal.CommitAsync();
                        },
                        Ct
                    )
                )
        );

        var steps = (await ReadAsync("run-1")).Skip(1).Select(Sample.StepOf).ToList();

        Assert.Equal(threads * each, steps.Count);
        for (var thread = 0; thread < threads; thread++)
        {
            var own = steps.Where(step => step!.StartsWith($"{thread}/", StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, each).Select(i => $"{thread}/{i}"), own);
        }
    }

    [Fact]
    public async Task A_committed_event_can_be_read_by_others_at_once()
    {
        var journal = await CreateAsync("run-1", await LeaseAsync());
        var other = Store.Open();

        for (var i = 1; i <= 50; i++)
        {
            journal.Append(Sample.Event(i));
            await journal.CommitAsync();
            Assert.Equal(i + 1, await other.Journals.ReadAsync("run-1", Ct).CountAsync(Ct));
        }
    }

    [Fact]
    public async Task A_run_is_made_once()
    {
        var lease = await LeaseAsync();
        await CreateAsync("run-1", lease);

        var failure = await Assert.ThrowsAsync<JournalException>(() => CreateAsync("run-1", lease));

        Assert.Equal(JournalFault.Exists, failure.Fault);
        Assert.Contains("run-1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_does_not_exist_is_told_by_name()
    {
        var lease = await LeaseAsync();
        JournalException[] failures =
        [
            await Assert.ThrowsAsync<JournalException>(() => OpenAsync("run-7", lease)),
            await Assert.ThrowsAsync<JournalException>(() => ReadAsync("run-7")),
            await Assert.ThrowsAsync<JournalException>(async () =>
                await First.Journals.FollowAsync("run-7", Ct).FirstAsync(Ct)
            ),
        ];

        Assert.All(failures, failure => Assert.Equal(JournalFault.Missing, failure.Fault));
        Assert.All(failures, failure => Assert.Contains("run-7", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_is_refused_under_the_lease_of_another_environment()
    {
        var lease = await LeaseAsync("staging");

        await Assert.ThrowsAsync<ArgumentException>(() =>
            First.Journals.CreateAsync("run-1", lease, Sample.Start("run-1", "production"), Ct)
        );
    }

    [Fact]
    public async Task Runs_are_listed_by_environment_the_newest_first()
    {
        var production = await LeaseAsync("production");
        var staging = await LeaseAsync("staging");
        await CreateAsync("b", production);
        await CreateAsync("c", staging);
        await CreateAsync("a", production);

        var all = await First.Journals.ListAsync(environment: null, Ct);
        var own = await First.Journals.ListAsync("production", Ct);

        Assert.Equal(["a", "c", "b"], all.Select(run => run.Run));
        Assert.Equal(["a", "b"], own.Select(run => run.Run));
        Assert.All(own, run => Assert.Equal("production", run.Environment));
        Assert.Equal((await ReadAsync("a"))[0].At, own[0].StartedAt);
        Assert.Empty(await First.Journals.ListAsync("preview", Ct));
    }

    [Fact]
    public async Task A_store_without_runs_lists_none() =>
        Assert.Empty(await First.Journals.ListAsync(environment: null, Ct));
}
