using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>Why a plan must not run, although it can be read.</summary>
public sealed record Finding
{
    /// <summary>The rule; never changes its meaning.</summary>
    public required string Code { get; init; }

    /// <summary>The item that it is about.</summary>
    public required string Step { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it.</summary>
    public required string Hint { get; init; }

    /// <summary>Where the item stands; null when the plan was not read from a file.</summary>
    public SourcePosition? At { get; init; }

    /// <summary>One line: <c>file:line:column: message; hint [code]</c>.</summary>
    public override string ToString() => $"{At?.ToString() ?? Step}: {Message}; {Hint} [{Code}]";
}
