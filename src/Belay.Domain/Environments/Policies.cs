using System.Collections.Immutable;

namespace Belay.Domain.Environments;

/// <summary>What an environment demands of every plan that runs on it.</summary>
public sealed record Policies
{
    /// <summary>An environment that demands nothing.</summary>
    public static Policies None { get; } = new();

    /// <summary>How long at least must be soaked directly before a change that cannot be taken back. Default 0.</summary>
    public TimeSpan SoakBeforeNever { get; init; }

    /// <summary>How long at least each phase that changes something must soak in all. Default 0.</summary>
    public TimeSpan SoakEachPhase { get; init; }

    /// <summary>How many different people must approve before the first change, and at each approval. Default 0: a plan may do without.</summary>
    public int Approvers { get; init; }

    /// <summary>Whether the person who started a run may approve it. Default true.</summary>
    public bool SelfApproval { get; init; } = true;

    /// <summary>Whether the word of a person counts only with their signature, also of people who have no key. Default false.</summary>
    public bool SignaturesRequired { get; init; }

    /// <summary>When runs may start and go on.</summary>
    public ChangeCalendar Calendar { get; init; } = ChangeCalendar.Always;

    /// <summary>Resources that no plan may destroy: names, in which <c>*</c> stands for any characters.</summary>
    public ImmutableArray<string> Protected { get; init; } = [];
}
