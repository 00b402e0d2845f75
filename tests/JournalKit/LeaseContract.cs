using Belay.Engine.Ports;
using Xunit;

namespace JournalKit;

/// <summary>What every store's leases do.</summary>
public abstract class LeaseContract<TStore> : StoreContract<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task A_free_lease_is_taken_and_its_holder_can_be_asked_for()
    {
        Assert.Null(await First.Leases.HolderAsync("production", Ct));

        var lease = await LeaseAsync("production");

        Assert.Equal("production", lease.Environment);
        Assert.True(lease.StillHeld);
        Assert.Equal("anna@test", (await Store.Open().Leases.HolderAsync("production", Ct))?.Who);
    }

    [Fact]
    public async Task A_held_lease_is_refused_and_its_holder_told()
    {
        var lease = await LeaseAsync();

        var attempt = await Store.Open().Leases.TryTakeAsync(lease.Environment, "berta@test", run: null, Ct);

        Assert.Equal("anna@test", Assert.IsType<LeaseAttempt.Held>(attempt).Holder.Who);
        Assert.True(lease.StillHeld);
    }

    [Fact]
    public async Task A_lease_that_was_given_back_can_be_taken_by_another()
    {
        var before = await LeaseAsync();
        await before.DisposeAsync();
        Assert.False(before.StillHeld);
        Assert.Null(await First.Leases.HolderAsync(before.Environment, Ct));

        var attempt = await Store.Open().Leases.TryTakeAsync(before.Environment, "berta@test", run: null, Ct);

        var after = Keep(Assert.IsType<LeaseAttempt.Taken>(attempt).Lease);
        Assert.True(after.Fence > before.Fence);
        Assert.True(after.StillHeld);
        Assert.False(before.StillHeld);
    }

    [Fact]
    public async Task Environments_are_leased_apart_from_each_other()
    {
        var production = await LeaseAsync("production");
        var staging = await LeaseAsync("staging");

        await staging.DisposeAsync();

        Assert.True(production.StillHeld);
        Assert.NotNull(await First.Leases.HolderAsync("production", Ct));
        Assert.Null(await First.Leases.HolderAsync("staging", Ct));
    }

    [Fact]
    public async Task Asking_for_the_holder_never_keeps_another_from_taking_it()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asking = Task.Run(
            async () =>
            {
                while (!end.IsCancellationRequested)
                    await First.Leases.HolderAsync(Sample.Environment, Ct);
            },
            Ct
        );

        for (var i = 0; i < 100; i++)
            await (await LeaseAsync()).DisposeAsync();

        await end.CancelAsync();
        await asking;
    }

    [Fact]
    public async Task Of_many_who_try_at_once_one_has_it_at_a_time_and_the_fence_only_grows()
    {
        var holders = 0;
        var fences = new List<long>();
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Task.Run(
                        async () =>
                        {
                            var leases = Store.Open().Leases;
                            for (var tries = 0; tries < 50; tries++)
                            {
                                if (
                                    await leases.TryTakeAsync("production", $"nr {i}", run: null, Ct)
                                    is not LeaseAttempt.Taken taken
                                )
                                    continue;
                                Assert.Equal(1, Interlocked.Increment(ref holders));
                                fences.Add(taken.Lease.Fence);
                                Assert.True(taken.Lease.StillHeld);
                                Interlocked.Decrement(ref holders);
                                await taken.Lease.DisposeAsync();
                            }
                        },
                        Ct
                    )
                )
        );

        Assert.NotEmpty(fences);
        Assert.Equal(fences.Distinct().Order(), fences);
    }

    [Fact]
    public async Task A_holder_whose_lease_was_taken_away_can_journal_nothing_more()
    {
        var stale = await LeaseAsync();
        var journal = await CreateAsync("run-1", stale);
        journal.Append(Sample.Event(1));
        await journal.CommitAsync();
        await Store.TakeAwayAsync(stale);
        var lease = await LeaseAsync();
        var next = await OpenAsync("run-1", lease);

        var refused = Assert.Throws<JournalException>(() => journal.Append(Sample.Event(2)));
        next.Append(Sample.Event(3));
        await next.CommitAsync();

        Assert.Equal(JournalFault.StaleLease, refused.Fault);
        Assert.False(stale.StillHeld);
        Assert.True(lease.Fence > stale.Fence);
        Assert.Equal([null, "step-1", "step-3"], (await ReadAsync("run-1")).Select(Sample.StepOf));
    }

    [Fact]
    public async Task What_a_holder_appended_and_did_not_commit_before_it_lost_its_lease_is_refused_or_stands_before_the_next_holders()
    {
        var stale = await LeaseAsync();
        var journal = await CreateAsync("run-1", stale);
        journal.Append(Sample.Event(1));
        await Store.TakeAwayAsync(stale);
        var next = await OpenAsync("run-1", await LeaseAsync());
        next.Append(Sample.Event(2));
        await next.CommitAsync();

        var commit = await Record.ExceptionAsync(journal.CommitAsync);

        var read = await ReadAsync("run-1");
        Assert.Equal(next.History.Count + 1, read.Count);
        if (next.History.Count == 1)
            Assert.Equal(JournalFault.StaleLease, Assert.IsType<JournalException>(commit).Fault);
    }

    [Fact]
    public async Task Under_a_stale_lease_no_journal_is_made_or_opened()
    {
        var stale = await LeaseAsync();
        await (await CreateAsync("run-1", stale)).DisposeAsync();
        await Store.TakeAwayAsync(stale);
        await LeaseAsync();

        var making = await Assert.ThrowsAsync<JournalException>(() => CreateAsync("run-2", stale));
        var opening = await Assert.ThrowsAsync<JournalException>(() => OpenAsync("run-1", stale));

        Assert.Equal(JournalFault.StaleLease, making.Fault);
        Assert.Equal(JournalFault.StaleLease, opening.Fault);
    }

    [Fact]
    public async Task A_lease_says_on_which_run_its_holder_is_at_work()
    {
        var attempt = await First.Leases.TryTakeAsync("production", "anna@test", "run-1", Ct);
        Keep(Assert.IsType<LeaseAttempt.Taken>(attempt).Lease);

        Assert.Equal("run-1", (await Store.Open().Leases.HolderAsync("production", Ct))?.Run);
    }

    [Fact]
    public async Task One_at_a_time_stays_with_a_parked_run_and_says_for_what_it_waits()
    {
        await (await CreateAsync("run-1", await LeaseAsync())).DisposeAsync();
        Assert.Null(await First.Leases.StayingAsync("run-1", Ct));

        var stay = Keep((await First.Leases.TryStayAsync("run-1", "anna@test", Ct))!);

        var other = Store.Open().Leases;
        Assert.Null(await other.TryStayAsync("run-1", "berta@test", Ct));
        stay.Say("the soak is over");
        var staying = await other.StayingAsync("run-1", Ct);
        Assert.Equal(("anna@test", "run-1", "the soak is over"), (staying?.Who, staying?.Run, staying?.Waits));
    }

    [Fact]
    public async Task Who_stays_no_more_makes_room_for_another()
    {
        await (await CreateAsync("run-1", await LeaseAsync())).DisposeAsync();
        await (await First.Leases.TryStayAsync("run-1", "anna@test", Ct))!.DisposeAsync();
        Assert.Null(await First.Leases.StayingAsync("run-1", Ct));

        Keep((await Store.Open().Leases.TryStayAsync("run-1", "berta@test", Ct))!);

        Assert.Equal("berta@test", (await First.Leases.StayingAsync("run-1", Ct))?.Who);
    }
}
