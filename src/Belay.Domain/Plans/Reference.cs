using System.Collections.Immutable;

namespace Belay.Domain.Plans;

/// <summary>A reference inside a text of a plan: <c>${root.path}</c> or <c>${secret:NAME}</c>.</summary>
/// <param name="Root"><c>env</c>, <c>inputs</c>, <c>from</c>, <c>to</c>, <c>run</c>, <c>steps</c>, <c>secret</c>, or the variable of a loop.</param>
/// <param name="Path">What follows the root; for <c>steps</c> the step's id comes first, for <c>secret</c> it is the name alone.</param>
public sealed record Reference(string Root, ImmutableArray<string> Path)
{
    /// <summary>The root of secret references.</summary>
    public const string Secret = "secret";

    /// <summary>The root of references to an earlier step's output.</summary>
    public const string Steps = "steps";

    /// <summary>The roots that are no loop variable.</summary>
    public static ImmutableArray<string> Roots { get; } = ["env", "inputs", "from", "to", "run", Steps, Secret];

    /// <inheritdoc/>
    public override string ToString() =>
        Root == Secret ? $"${{secret:{string.Join('.', Path)}}}" : $"${{{string.Join('.', Path.Insert(0, Root))}}}";
}

/// <summary>A piece of a text: either words or a reference.</summary>
/// <param name="Words">The words; null when the piece is a reference.</param>
/// <param name="Reference">The reference; null when the piece is words.</param>
/// <param name="Offset">Where the piece begins in the text, in characters from 0.</param>
public readonly record struct TextPiece(string? Words, Reference? Reference, int Offset);

/// <summary>A reference that cannot be read.</summary>
public sealed class ReferenceException : Exception
{
    /// <summary>What is wrong, at which character of the text (from 0).</summary>
    public ReferenceException(string message, int offset)
        : base(message) => Offset = offset;

    /// <summary>Where in the text, in characters from 0.</summary>
    public int Offset { get; }
}
