namespace Belay.Rehearsal;

/// <summary>A plan that cannot be rehearsed, or a story that there is not. The message says why and what to do.</summary>
public sealed class RehearsalException : Exception
{
    /// <summary>Why.</summary>
    public RehearsalException(string message)
        : base(message) { }
}
