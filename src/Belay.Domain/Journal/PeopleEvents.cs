using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Evidence;

namespace Belay.Domain.Journal;

/// <summary>The run waits for an approval.</summary>
public sealed record ApprovalRequested : StepEvent
{
    /// <summary>Who may give it.</summary>
    public required string By { get; init; }

    /// <summary>The hash that it will cover: <see cref="ApprovalCover"/>.</summary>
    public required string Covers { get; init; }

    /// <summary>What each later change would do now: what the person is shown. Null in older journals: then only the plan was covered.</summary>
    public ImmutableArray<ForeseenChange>? Foreseen { get; init; }
}

/// <summary>A change would do more than what was approved; it was not begun.</summary>
public sealed record DifferenceGrew : StepEvent
{
    /// <summary>The step that approved it.</summary>
    public required string Approval { get; init; }

    /// <summary>What was approved.</summary>
    public required ImmutableArray<DifferenceLine> Approved { get; init; }

    /// <summary>What it would do now.</summary>
    public required ImmutableArray<DifferenceLine> Now { get; init; }
}

/// <summary>A person approved.</summary>
public sealed record Approved : StepEvent
{
    /// <summary>Who.</summary>
    public required string By { get; init; }

    /// <summary>What they wrote; null: nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The hash that it covers.</summary>
    public required string Covers { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}

/// <summary>An approval no longer covers the step, because the plan was mended.</summary>
public sealed record ApprovalVoided : StepEvent
{
    /// <summary>Why.</summary>
    public required string Why { get; init; }
}

/// <summary>The run waits for a person to do something and say so.</summary>
public sealed record ConfirmationRequested : StepEvent
{
    /// <summary>What to do.</summary>
    public required string Instructions { get; init; }
}

/// <summary>A person says that they did a manual step.</summary>
public sealed record Confirmed : StepEvent
{
    /// <summary>Who.</summary>
    public required string By { get; init; }

    /// <summary>What they wrote; null: nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}
