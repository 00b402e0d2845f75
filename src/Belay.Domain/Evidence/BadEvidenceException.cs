namespace Belay.Domain.Evidence;

/// <summary>An envelope, or what it holds, cannot be read or trusted. The message says why.</summary>
public sealed class BadEvidenceException : Exception
{
    /// <summary>What is wrong with it.</summary>
    public BadEvidenceException(string message, Exception? inner = null)
        : base(message, inner) { }
}
