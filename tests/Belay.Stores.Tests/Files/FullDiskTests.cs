using Belay.Domain.Journal;
using Belay.Engine.Ports;
using Belay.Stores.Files;
using JournalKit;

namespace Belay.Stores.Tests.Files;

public sealed class FullDiskTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_full_disk_every_waiter_is_told_nothing_more_is_journaled_and_after_freeing_it_goes_on()
    {
        await using var disk = await SmallDisk.MountAsync("a full disk");
        var store = Open(disk);
        await using var lease = await TakeAsync(store);
        long committed;
        await using (var journal = await store.Journals.CreateAsync("run-1", lease, Sample.Start("run-1"), Ct))
        {
            disk.Fill(left: 20_000);
            committed = await AppendUntilFullAsync(journal);

            var append = Assert.Throws<JournalException>(() => journal.Append(Sample.Event(1)));
            AssertTold(append, disk);
            disk.Free();
            AssertTold(await Assert.ThrowsAsync<JournalException>(journal.CommitAsync), disk);
            AssertTold(Assert.Throws<JournalException>(() => journal.Append(Sample.Event(1))), disk);
        }

        await using var again = await store.Journals.OpenAsync("run-1", lease, Ct);
        Assert.True(again.History.Count >= committed, $"{again.History.Count} of {committed} committed");
        again.Append(Sample.Event(1));
        await again.CommitAsync();
        Assert.Equal(again.History.Count + 1, await store.Journals.ReadAsync("run-1", Ct).CountAsync(Ct));
    }

    [Fact]
    public async Task When_the_disk_gets_full_nobody_of_many_who_commit_waits_for_ever()
    {
        await using var disk = await SmallDisk.MountAsync("a full disk");
        var store = Open(disk);
        await using var lease = await TakeAsync(store);
        await using var journal = await store.Journals.CreateAsync("run-1", lease, Sample.Start("run-1"), Ct);

        var told = Enumerable.Range(0, 16).Select(_ => Task.Run(() => AppendUntilFullAsync(journal), Ct));

        Assert.All(
            await Task.WhenAll(told).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Ct),
            committed => Assert.InRange(committed, 1, 10_000)
        );
    }

    [Fact]
    public async Task On_a_full_disk_leases_requests_sealed_values_and_new_runs_are_refused_with_the_place()
    {
        await using var disk = await SmallDisk.MountAsync("a full disk");
        var store = Open(disk);
        await using var lease = await TakeAsync(store);
        await using var journal = await store.Journals.CreateAsync("run-1", lease, Sample.Start("run-1"), Ct);
        disk.Fill(left: 0);

        AssertTold(
            await Assert.ThrowsAsync<JournalException>(() =>
                store.Requests.PutAsync("run-1", new HaltRequest { By = "anna" }, Ct)
            ),
            disk
        );
        AssertTold(
            Assert.Throws<JournalException>(() => store.SealedValues.Seal("run-1", new string('x', 9000))),
            disk
        );
        AssertTold(
            await Assert.ThrowsAsync<JournalException>(() =>
                store.Journals.CreateAsync("run-2", lease, Sample.Start("run-2"), Ct)
            ),
            disk
        );
        AssertTold(
            await Assert.ThrowsAsync<JournalException>(() =>
                store.Leases.TryTakeAsync("staging", "anna", run: null, Ct)
            ),
            disk
        );
        Assert.Equal(["run-1"], (await store.Journals.ListAsync(null, Ct)).Select(run => run.Run));
    }

    [Fact]
    public async Task On_a_read_only_disk_runs_are_read_and_everything_else_is_refused_with_the_place()
    {
        await using var disk = await SmallDisk.MountAsync("a read-only disk");
        var store = Open(disk);
        await using (var lease = await TakeAsync(store))
        await using (var journal = await store.Journals.CreateAsync("run-1", lease, Sample.Start("run-1"), Ct))
            journal.Append(Sample.Event(1));
        await disk.RemountAsync(writable: false);

        Assert.Equal(2, await store.Journals.ReadAsync("run-1", Ct).CountAsync(Ct));
        Assert.Single(await store.Journals.ListAsync(null, Ct));
        Assert.Null(await store.Leases.HolderAsync(Sample.Environment, Ct));
        AssertTold(await Assert.ThrowsAsync<JournalException>(() => TakeAsync(store)), disk);
        AssertTold(
            await Assert.ThrowsAsync<JournalException>(() =>
                store.Requests.PutAsync("run-1", new HaltRequest { By = "anna" }, Ct)
            ),
            disk
        );
        AssertTold(Assert.Throws<JournalException>(() => store.SealedValues.Seal("run-1", "s3cret")), disk);
        AssertTold(Assert.Throws<JournalException>(() => store.WorkingFolder("run-1")), disk);
    }

    private static async Task<long> AppendUntilFullAsync(IJournal journal)
    {
        long committed = 1;
        JournalEntry last = null!;
        for (var i = 1; i < 10_000; i++)
        {
            // Several who wait for the same flush: each of them must be told.
            if (Record.Exception(() => last = journal.Append(Sample.Event(i))) is { } refused)
            {
                Assert.Equal(JournalFault.Unwritable, Assert.IsType<JournalException>(refused).Fault);
                return committed;
            }
            var waiters = Enumerable.Range(0, 3).Select(_ => Record.ExceptionAsync(journal.CommitAsync).AsTask());
            var told = await Task.WhenAll(waiters);
            if (told[0] is not null)
            {
                Assert.All(
                    told,
                    failure => Assert.Equal(JournalFault.Unwritable, Assert.IsType<JournalException>(failure).Fault)
                );
                return committed;
            }
            committed = last.Sequence;
        }
        throw new InvalidOperationException("the disk did not get full");
    }

    private static FileStore Open(SmallDisk disk) =>
        new(Path.Combine(disk.Path, ".belay"), Path.Combine(disk.Path, "keys"), TimeProvider.System);

    private static async Task<ILease> TakeAsync(FileStore store) =>
        Assert
            .IsType<LeaseAttempt.Taken>(await store.Leases.TryTakeAsync(Sample.Environment, "anna", run: null, Ct))
            .Lease;

    private static void AssertTold(JournalException failure, SmallDisk disk)
    {
        Assert.Equal(JournalFault.Unwritable, failure.Fault);
        Assert.Contains(disk.Path, failure.Message, StringComparison.Ordinal);
        Assert.Contains("make it writable again", failure.Message, StringComparison.Ordinal);
    }
}
