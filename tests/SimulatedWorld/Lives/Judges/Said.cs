using System.Text.Json;
using Belay.Domain.Journal;
using SimulatedWorld.Watched;

namespace SimulatedWorld.Lives.Judges;

/// <summary>One thing that was said while an operation was in use. A closed hierarchy.</summary>
internal abstract record Said
{
    private Said() { }

    /// <summary>The engine asked the operation something.</summary>
    internal sealed record Ask(Question Question, JsonElement? First, JsonElement? Second) : Said;

    /// <summary>The operation answered, or failed.</summary>
    internal sealed record Answer(Question Question, object? Value, Exception? Failure) : Said;

    /// <summary>The operation told how far it has come.</summary>
    internal sealed record Came(Belay.Domain.Contract.Progress Progress) : Said;

    /// <summary>The engine journaled an event of the step.</summary>
    internal sealed record Wrote(JournalEvent Event) : Said;

    /// <summary>The engine let go of the operation.</summary>
    internal sealed record End : Said;
}
