using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Cli.Screens;

/// <summary>Shows a run while its journal grows.</summary>
internal interface IRunScreen
{
    /// <summary>Keeps the screen while the work lasts.</summary>
    Task<T> WhileAsync<T>(Func<Task<T>> work);

    /// <summary>An event came in.</summary>
    void Show(JournalEntry entry, RunReading reading);

    /// <summary>Time went by.</summary>
    void Refresh(RunReading reading);

    /// <summary>Says something that is no event.</summary>
    void Say(string what);
}
