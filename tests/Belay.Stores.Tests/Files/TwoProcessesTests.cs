using System.Globalization;
using Belay.Engine.Ports;
using JournalKit;

namespace Belay.Stores.Tests.Files;

public sealed class TwoProcessesTests : FilesTest
{
    [Fact]
    public async Task A_lease_that_another_process_holds_is_refused_until_that_process_is_killed()
    {
        await using var second = SecondProcess.Start("hold", Store);
        var fence = Number(await second.SayAsync(Ct));

        var held = await First.Leases.TryTakeAsync(Sample.Environment, "anna@first", run: null, Ct);
        Assert.Equal("berta@second", Assert.IsType<LeaseAttempt.Held>(held).Holder.Who);
        Assert.Equal("berta@second", (await First.Leases.HolderAsync(Sample.Environment, Ct))?.Who);
        await second.KillAsync(Ct);

        var lease = await LeaseAsync();
        Assert.True(lease.Fence > fence);
    }

    [Fact]
    public async Task The_fencing_number_never_goes_back_when_processes_are_killed_while_they_take_leases()
    {
        long last = 0;
        for (var kill = 0; kill < 4; kill++)
        {
            await using var second = SecondProcess.Start("take-and-give-back", Store);
            for (var i = 0; i <= kill * 3; i++)
                last = Greater(last, await second.SayAsync(Ct));
            foreach (var said in await second.KillAsync(Ct))
                last = said.Length == 0 ? last : Math.Max(last, Number(said));

            await using var lease = await LeaseAsync();
            Assert.True(lease.Fence > last, $"{lease.Fence} after {last}");
            last = lease.Fence;
        }
    }

    [Fact]
    public async Task What_a_process_committed_is_there_after_it_was_killed_in_the_middle_of_appending()
    {
        for (var kill = 1; kill <= 5; kill++)
        {
            await using var second = SecondProcess.Start("append", Store);
            long committed = 0;
            for (var i = 0; i < 40 * kill; i++)
                committed = Greater(committed, await second.SayAsync(Ct));
            foreach (var said in await second.KillAsync(Ct))
                committed = Math.Max(committed, Number(said));

            await using var lease = await LeaseAsync();
            await using var journal = await OpenAsync(Run, lease);
            Assert.True(journal.History.Count >= committed, $"{journal.History.Count} of {committed} committed");
            Assert.Equal(
                Enumerable.Range(1, journal.History.Count - 1).Select(i => $"step-{i}"),
                journal.History.Skip(1).Select(Sample.StepOf)
            );
        }
    }

    [Fact]
    public async Task A_thousand_steps_that_commit_twice_at_the_same_time_share_a_few_writes_and_flushes()
    {
        await using var second = SecondProcess.Start("commit-together", Store);

        // Each write of lines is followed by at most one flush. The rest are the runtime's own wake-ups.
        Assert.InRange(Number(await second.SayAsync(Ct)), 2, 200);
    }

    private static long Greater(long last, string? said)
    {
        var next = Number(said);
        Assert.True(next > last, $"{next} after {last}");
        return next;
    }

    private static long Number(string? said) =>
        long.Parse(said ?? throw new EndOfStreamException("it has ended"), CultureInfo.InvariantCulture);
}
