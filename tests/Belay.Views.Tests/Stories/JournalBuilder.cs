using System.Text.Json;
using Belay.Domain.Journal;

namespace Belay.Views.Tests.Stories;

/// <summary>Writes a journal as the engine does, on a clock of its own.</summary>
internal sealed class JournalBuilder
{
    private readonly List<JournalEntry> entries = [];

    public static DateTimeOffset Began { get; } = new(2026, 3, 14, 2, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; private set; } = Began;

    public IReadOnlyList<JournalEntry> Entries => entries;

    /// <summary>Lets time pass.</summary>
    public JournalBuilder After(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    public JournalBuilder Add(params IEnumerable<JournalEvent> happened)
    {
        foreach (var one in happened)
        {
            var previous = entries is [.., var last] ? last.Hash : JournalLine.Genesis;
            var (_, line) = JournalLine.Write(entries.Count + 1, Now, 1, previous, one);
            entries.Add(JournalLine.Read(line));
        }
        return this;
    }

    public static JsonElement Json(string text) => JsonElement.Parse(text);
}
