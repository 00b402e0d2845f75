using Belay.Engine.Ports;
using JournalKit;

namespace Belay.Stores.Tests.Files;

public sealed class TornTailTests : FilesTest
{
    [Fact]
    public async Task A_last_line_cut_at_any_byte_is_cut_off_and_told_and_the_journal_goes_on()
    {
        var lines = await WriteJournalAsync(4);
        await using var lease = await LeaseAsync();
        for (var length = 0; length < lines[^1].Length; length++)
        {
            await PutAsync([.. lines.SkipLast(1), lines[^1][..length]]);
            Assert.Equal(3, (await ReadAsync(Run)).Count);

            await using (var journal = await OpenAsync(Run, lease))
            {
                Assert.Equal(length, journal.Torn);
                Assert.Equal(3, journal.History.Count);
                journal.Append(Sample.Event(7));
                await journal.CommitAsync();
            }

            var read = await ReadAsync(Run);
            Assert.Equal(4, read.Count);
            Assert.Equal("step-7", Sample.StepOf(read[^1]));
        }
    }

    [Fact]
    public async Task A_tail_of_zeros_as_a_power_cut_leaves_it_is_cut_off_and_told()
    {
        var lines = await WriteJournalAsync(3);
        await PutAsync([.. lines, new byte[5000]]);
        await using var lease = await LeaseAsync();

        await using var journal = await OpenAsync(Run, lease);

        Assert.Equal(5000, journal.Torn);
        Assert.Equal(3, journal.History.Count);
    }

    [Fact]
    public async Task A_last_line_with_its_line_feed_is_never_taken_for_torn()
    {
        var lines = await WriteJournalAsync(3);
        await PutAsync([.. lines.SkipLast(1), lines[^1][..20], "\n"u8.ToArray()]);
        await using var lease = await LeaseAsync();

        var failure = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(Run, lease));

        Assert.Equal(JournalFault.Damaged, failure.Fault);
        Assert.Contains("line 3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_follower_that_saw_a_torn_line_goes_on_when_it_was_cut_off()
    {
        var lines = await WriteJournalAsync(3);
        await PutAsync([.. lines.SkipLast(1), lines[^1][..50]]);
        await using var lease = await LeaseAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var seen = new List<string?>();
        await foreach (var entry in First.Journals.FollowAsync(Run, end.Token))
        {
            seen.Add(Sample.StepOf(entry));
            if (seen.Count == 2)
            {
                var journal = await OpenAsync(Run, lease);
                journal.Append(Sample.Event(9));
                await journal.CommitAsync();
            }
            if (seen.Count == 3)
                await end.CancelAsync();
        }

        Assert.Equal([null, "step-1", "step-9"], seen);
    }
}
