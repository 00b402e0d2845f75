namespace Belay.Domain.Evidence;

/// <summary>A text is no key that Belay can use. The message says what it is and what to do; it never holds a part of the text.</summary>
public sealed class BadKeyException : Exception
{
    /// <summary>What is wrong with it.</summary>
    public BadKeyException(string message, Exception? inner = null)
        : base(message, inner) { }
}
