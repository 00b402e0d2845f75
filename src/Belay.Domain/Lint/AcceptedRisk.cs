using Belay.Domain.Evidence;

namespace Belay.Domain.Lint;

/// <summary>A finding that a person has accepted: with these the plan runs.</summary>
public sealed record AcceptedRisk
{
    /// <summary>The finding's code.</summary>
    public required string Code { get; init; }

    /// <summary>The finding's step.</summary>
    public required string Step { get; init; }

    /// <summary>What is wrong, in the finding's words.</summary>
    public required string Risk { get; init; }

    /// <summary>Who accepted it.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The last day (UTC) on which it counts.</summary>
    public required DateOnly Until { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }

    /// <summary>In one line.</summary>
    public override string ToString() => $"{Risk} [{Code}]: accepted by {By} until {Until:yyyy-MM-dd}: {Reason}";
}
