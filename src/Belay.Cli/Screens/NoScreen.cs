using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Cli.Screens;

/// <summary>Shows nothing: somebody waits, and nobody looks.</summary>
internal sealed class NoScreen : IRunScreen
{
    public Task<T> WhileAsync<T>(Func<Task<T>> work) => work();

    public void Show(JournalEntry entry, RunReading reading) { }

    public void Refresh(RunReading reading) { }

    public void Say(string what) { }
}
