using System.Text.Json;
using Belay.Domain.Operations;

namespace SimulatedWorld.Watched;

/// <summary>Listens to one operation made for one step: what is asked of it and what it answers, in order.</summary>
public interface ITranscript
{
    /// <summary>Something is asked; the two values are those that are handed in with it.</summary>
    void Asked(Question question, JsonElement? first, JsonElement? second, CancellationToken until);

    /// <summary>The answer, or how it failed.</summary>
    void Answered(Question question, object? answer, Exception? failure);

    /// <summary>Work that is under way says how far it has come.</summary>
    void Came(Belay.Domain.Contract.Progress progress);

    /// <summary>The operation is let go of.</summary>
    void Left();
}

/// <summary>An operation made for a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Operation">The operation's name.</param>
/// <param name="Inputs">What it is made with.</param>
/// <param name="Change">The operation itself, to ask it what is pure; null when it is a check.</param>
/// <param name="Check">The operation itself; null when it is a change.</param>
public sealed record Made(string Step, string Operation, JsonElement Inputs, BoundChange? Change, BoundCheck? Check);

/// <summary>What can be asked of an operation.</summary>
public enum Question
{
    Observe,
    Apply,
    Undo,
    Find,
    Count,
    Restore,
    Verify,
}
