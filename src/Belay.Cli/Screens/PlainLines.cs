using System.Globalization;
using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Cli.Screens;

/// <summary>One line an event, with its time; for everything that is no terminal.</summary>
internal sealed class PlainLines(Screen screen) : IRunScreen
{
    /// <summary>Progress of one step is told at most this often; the journal has all of it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, DateTimeOffset> told = new(StringComparer.Ordinal);

    public Task<T> WhileAsync<T>(Func<Task<T>> work) => work();

    public void Show(JournalEntry entry, RunReading reading)
    {
        if (IsNews(entry) && EventWords.Of(entry.Event) is { } words)
            screen.Write(
                $"{entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}  {words}"
            );
    }

    public void Refresh(RunReading reading) { }

    public void Say(string what) => screen.Write(what);

    private bool IsNews(JournalEntry entry)
    {
        if (entry.Event is not Progressed progressed)
            return true;
        if (told.TryGetValue(progressed.Step, out var last) && entry.At - last < Pause)
            return false;
        told[progressed.Step] = entry.At;
        return true;
    }
}
