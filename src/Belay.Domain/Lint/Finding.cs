using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>What is wrong with a plan, although it can be read.</summary>
public sealed record Finding
{
    /// <summary>The step of a finding that is about no single step.</summary>
    public const string WholePlan = "plan";

    /// <summary>The rule; never changes its meaning.</summary>
    public required string Code { get; init; }

    /// <summary>The item that it is about, inside a loop without its member; <see cref="WholePlan"/> when it is about none.</summary>
    public required string Step { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it.</summary>
    public required string Hint { get; init; }

    /// <summary>What it means for a run. Default: the plan must not run.</summary>
    public Severity Severity { get; init; }

    /// <summary>Where the item stands; null when the plan was not read from a file.</summary>
    public SourcePosition? At { get; init; }

    /// <summary>One line: <c>file:line:column: message; hint [code]</c>, a warning with that word before the message.</summary>
    public override string ToString() =>
        $"{At?.ToString() ?? Step}: {(Severity == Severity.Warning ? "warning: " : "")}{Message}; {Hint} [{Code}]";
}
