using Belay.Domain.Journal;
using Xunit;

namespace JournalKit;

/// <summary>What every store's journals do for those who follow them.</summary>
public abstract class FollowContract<TStore> : StoreContract<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task A_follower_sees_what_was_there_and_then_each_new_event_in_order()
    {
        var journal = await CreateAsync("run-1", await LeaseAsync());
        journal.Append(Sample.Event(1));
        await journal.CommitAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var seen = new List<JournalEntry>();
        var following = Task.Run(() => FollowAsync(seen, until: 101, end), Ct);
        await Eventually.HoldsAsync(() => Count(seen) >= 2, Ct);

        for (var i = 2; i <= 100; i++)
        {
            journal.Append(Sample.Event(i));
            if (i % 7 == 0)
                await journal.CommitAsync();
        }
        await following;

        Assert.Equal((await ReadAsync("run-1")).Select(entry => entry.Hash), seen.Select(entry => entry.Hash));
    }

    [Fact]
    public async Task A_follower_who_waits_ends_quietly_when_cancelled()
    {
        await CreateAsync("run-1", await LeaseAsync());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var seen = new List<JournalEntry>();
        var following = Task.Run(() => FollowAsync(seen, until: int.MaxValue, end), Ct);
        await Eventually.HoldsAsync(() => Count(seen) == 1, Ct);

        await end.CancelAsync();

        await following.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Ct);
        Assert.Single(seen);
    }

    [Fact]
    public async Task A_follower_stays_with_a_journal_that_is_closed_and_opened_again()
    {
        var before = await LeaseAsync();
        var journal = await CreateAsync("run-1", before);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var seen = new List<JournalEntry>();
        var following = Task.Run(() => FollowAsync(seen, until: 3, end), Ct);
        journal.Append(Sample.Event(1));
        await journal.DisposeAsync();
        await before.DisposeAsync();
        var again = await OpenAsync("run-1", await LeaseAsync());

        again.Append(Sample.Event(2));

        await following.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Ct);
        Assert.Equal([null, "step-1", "step-2"], seen.Select(Sample.StepOf));
    }

    private async Task FollowAsync(List<JournalEntry> seen, int until, CancellationTokenSource end)
    {
        var other = Store.Open();
        await foreach (var entry in other.Journals.FollowAsync("run-1", end.Token))
        {
            lock (seen)
                seen.Add(entry);
            if (Count(seen) == until)
                await end.CancelAsync();
        }
    }

    private static int Count(List<JournalEntry> seen)
    {
        lock (seen)
            return seen.Count;
    }
}
