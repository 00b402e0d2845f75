using Belay.Domain.Journal;
using Belay.Engine.Ports;
using Belay.Stores.Files;
using JournalKit;

namespace Belay.Stores.Tests.Files;

public sealed class DamageTests : FilesTest
{
    private const int Flips = 1500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_flipped_bit_anywhere_is_found_and_told_with_its_line(int seed)
    {
        var lines = await WriteJournalAsync(30);
        var content = lines.SelectMany(line => line).ToArray();
        var random = new Random(seed);
        for (var i = 0; i < Flips; i++)
            await FlipAsync(lines, content, random.Next(content.Length), random.Next(8));
    }

    [Fact]
    public async Task A_flipped_bit_in_the_last_line_or_in_any_line_feed_is_found_and_told_with_its_line()
    {
        var lines = await WriteJournalAsync(5);
        var content = lines.SelectMany(line => line).ToArray();
        var last = content.Length - lines[^1].Length;
        for (var offset = 0; offset < content.Length; offset++)
        {
            if (offset < last && content[offset] != (byte)'\n')
                continue;
            for (var bit = 0; bit < 8; bit++)
                await FlipAsync(lines, content, offset, bit);
        }
    }

    [Fact]
    public async Task A_second_beginning_in_a_journal_is_told_although_its_hashes_fit()
    {
        var lines = await WriteJournalAsync(3);
        var first = JournalLine.Read(lines[0].AsSpan()[..^1]);
        var (_, second) = JournalLine.Write(2, first.At, first.Fence, first.Hash, first.Event);
        await PutAsync([lines[0], [.. second, (byte)'\n']]);

        var told = Assert.Throws<JournalException>(() => JournalProof.Of(Journal));

        Assert.Contains("line 2", told.Message, StringComparison.Ordinal);
        Assert.Contains("only the first line does", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"request":"halt"}""")]
    public async Task A_request_that_nobody_made_is_told_and_not_passed_over(string forged)
    {
        await WriteJournalAsync(2);
        var folder = Path.Combine(Path.GetDirectoryName(Journal)!, "requests");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "0000000001-a.json"), forged, Ct);

        var told = await Assert.ThrowsAsync<JournalException>(async () =>
        {
            await foreach (var one in First.Requests.ReadAsync(Run, Ct))
                Assert.Fail($"{one} was read");
        });

        Assert.Equal(JournalFault.Damaged, told.Fault);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"systems":{"db":null}}""")]
    [InlineData("""{"systems":null}""")]
    public async Task An_identity_that_says_nothing_is_damaged_and_lets_no_system_in(string forged)
    {
        await using (await LeaseAsync())
        {
            // The environment's folder is made with its first lease.
        }
        var file = Directory.EnumerateFiles(Store.Folder, "fence", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(file)!, "identity.json"), forged, Ct);

        var told = await Assert.ThrowsAsync<JournalException>(() =>
            First.Identities.ReadAsync(Path.GetFileName(Path.GetDirectoryName(file))!, Ct)
        );

        Assert.Equal(JournalFault.Damaged, told.Fault);
    }

    [Fact]
    public async Task A_damaged_journal_is_not_opened_and_not_written_to()
    {
        var lines = await WriteJournalAsync(5);
        lines[2][100] ^= 1;
        await PutAsync(lines);
        var before = await File.ReadAllBytesAsync(Journal, Ct);
        await using var lease = await LeaseAsync();

        var failure = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(Run, lease));

        Assert.Equal(JournalFault.Damaged, failure.Fault);
        Assert.Contains(Journal, failure.Message, StringComparison.Ordinal);
        Assert.Contains("line 3", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Journal, Ct));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_journal_that_somebody_else_cuts_or_adds_to_during_the_run_is_not_written_to_any_more(int change)
    {
        var journal = await CreateAsync(Run, await LeaseAsync());
        using (var file = File.OpenHandle(Journal, access: FileAccess.Write, share: FileShare.ReadWrite))
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) + change);
        var before = await File.ReadAllBytesAsync(Journal, Ct);
        journal.Append(Sample.Event(1));

        var failure = await Assert.ThrowsAsync<JournalException>(journal.CommitAsync);

        Assert.Equal(JournalFault.Damaged, failure.Fault);
        Assert.Throws<JournalException>(() => journal.Append(Sample.Event(2)));
        Assert.Equal(before, await File.ReadAllBytesAsync(Journal, Ct));
    }

    [Fact]
    public async Task What_stands_before_the_damage_can_be_read()
    {
        var lines = await WriteJournalAsync(5);
        lines[3][100] ^= 1;
        await PutAsync(lines);
        var read = 0;

        await Assert.ThrowsAsync<JournalException>(async () =>
        {
            await foreach (var _ in First.Journals.ReadAsync(Run, Ct))
                read++;
        });

        Assert.Equal(3, read);
    }

    [Fact]
    public async Task A_removed_line_is_told()
    {
        var lines = await WriteJournalAsync(5);
        lines.RemoveAt(2);

        Assert.Contains(
            "line 3 (sequence number 3): it has sequence number 4: 1 lines are missing",
            await FaultAsync(lines),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_line_that_stands_twice_is_told()
    {
        var lines = await WriteJournalAsync(5);
        lines.Insert(3, lines[2]);

        Assert.Contains(
            "line 4 (sequence number 4): it has sequence number 3, which was before",
            await FaultAsync(lines),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Lines_in_another_order_are_told()
    {
        var lines = await WriteJournalAsync(5);
        (lines[2], lines[3]) = (lines[3], lines[2]);

        Assert.Contains("out of order", await FaultAsync(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_another_runs_journal_is_told()
    {
        var other = await WriteJournalAsync(5, "run-2");
        var lines = await WriteJournalAsync(5);
        lines[3] = other[3];

        Assert.Contains(
            "line 4 (sequence number 4): it does not follow the line before it",
            await FaultAsync(lines),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_whole_journal_of_another_run_is_told_by_its_name()
    {
        var other = await WriteJournalAsync(5, "run-2");
        await WriteJournalAsync(5);

        Assert.Contains("it is the journal of the run run-2", await FaultAsync(other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_journal_and_one_without_its_beginning_are_told()
    {
        var lines = await WriteJournalAsync(3);
        await using var lease = await LeaseAsync();

        Assert.Contains("missing before it", await FaultAsync(lines.Skip(1)), StringComparison.Ordinal);
        await PutAsync([]);
        var failure = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(Run, lease));
        Assert.Equal(JournalFault.Damaged, failure.Fault);
    }

    [Fact]
    public async Task A_run_whose_first_line_is_damaged_is_not_passed_over_in_the_list()
    {
        var lines = await WriteJournalAsync(3);
        await PutAsync([lines[0][1..]]);

        var failure = await Assert.ThrowsAsync<JournalException>(() => First.Journals.ListAsync(null, Ct));

        Assert.Equal(JournalFault.Damaged, failure.Fault);
        Assert.Contains(Journal, failure.Message, StringComparison.Ordinal);
    }

    // Stated, not hoped for: the chain proves what stands before a line, not that none came after it.
    [Fact]
    public async Task Whole_lines_cut_off_at_the_end_are_not_found_by_the_chain_alone()
    {
        var lines = await WriteJournalAsync(5);
        await PutAsync(lines.Take(3));

        Assert.Equal(3, (await ReadAsync(Run)).Count);
    }

    private async Task FlipAsync(IList<byte[]> lines, byte[] content, int offset, int bit)
    {
        content[offset] ^= (byte)(1 << bit);
        var message = await FaultAsync([content]);
        content[offset] ^= (byte)(1 << bit);
        Assert.True(
            message.Contains($"line {LineOf(lines, offset)} ", StringComparison.Ordinal),
            $"byte {offset}, bit {bit}: {message}"
        );
    }

    private async Task<string> FaultAsync(IEnumerable<byte[]> lines)
    {
        await PutAsync(lines);
        var failure = await Assert.ThrowsAsync<JournalException>(() => ReadAsync(Run));
        Assert.Equal(JournalFault.Damaged, failure.Fault);
        return failure.Message;
    }

    private static int LineOf(IList<byte[]> lines, int offset)
    {
        var line = 0;
        for (var end = 0; end <= offset; line++)
            end += lines[line].Length;
        return line;
    }
}
