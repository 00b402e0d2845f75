using JournalKit;

namespace Belay.Stores.Tests.Files;

public sealed class MillionEventsTests(ITestOutputHelper output) : FilesTest
{
    private const int Events = 1_000_000;
    private const long LiveMemory = 100 * 1024 * 1024;
    private static readonly TimeSpan Generous = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_journal_of_a_million_events_is_written_opened_and_read_in_bounded_memory()
    {
        await using var lease = await LeaseAsync();
        await MeasureAsync(
            "append",
            async () =>
            {
                await using var journal = await CreateAsync(Run, lease);
                for (var i = 1; i < Events; i++)
                    journal.Append(Sample.Event(i * 4));
                await journal.CommitAsync();
                return journal;
            }
        );

        var read = 0;
        await MeasureAsync(
            "read",
            async () =>
            {
                await foreach (var _ in First.Journals.ReadAsync(Run, Ct))
                    read++;
                return read;
            }
        );
        var opened = await MeasureAsync("open", () => OpenAsync(Run, lease));
        await MeasureAsync("history", () => Task.FromResult(opened.History.Count(entry => entry.Sequence > 0)));

        Assert.Equal(Events, read);
        Assert.Equal(Events, opened.History.Count);
        Assert.Equal(Events, opened.History[^1].Sequence);
        Assert.Equal(Events / 2, opened.History[(Events / 2) - 1].Sequence);
        Assert.Equal(Events + 1, opened.Append(Sample.Event(1)).Sequence);
        output.WriteLine($"journal: {new FileInfo(Journal).Length / 1024 / 1024} MB");
    }

    private async Task<T> MeasureAsync<T>(string what, Func<Task<T>> act)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var since = TimeProvider.System.GetTimestamp();
        var result = await act();
        var took = TimeProvider.System.GetElapsedTime(since);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{what}: {took.TotalSeconds:F1} s, {grown / 1024 / 1024} MB more are held after it");
        Assert.True(took < Generous, $"{what} took {took}");
        Assert.True(grown < LiveMemory, $"{what} holds {grown} bytes");
        return result;
    }
}
