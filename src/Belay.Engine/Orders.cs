using System.Collections.Immutable;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Lint;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace Belay.Engine;

/// <summary>Start a run.</summary>
public sealed record StartOrder
{
    /// <summary>The new run's id: letters, digits and hyphens.</summary>
    public required string Run { get; init; }

    /// <summary>The plan.</summary>
    public required Plan Plan { get; init; }

    /// <summary>The plan file (absolute path); relative paths in inputs are resolved against its folder.</summary>
    public required string PlanFile { get; init; }

    /// <summary>The inputs that the person gave for the plan.</summary>
    public ImmutableSortedDictionary<string, string> Inputs { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What lint found against the plan and a person has accepted; journaled.</summary>
    public ImmutableArray<AcceptedRisk> Accepted { get; init; } = [];

    /// <summary>Who starts it.</summary>
    public required string By { get; init; }

    /// <summary>Whether to wait for approvals and confirmations (true), or to halt there (false).</summary>
    public bool WaitForPeople { get; init; } = true;
}

/// <summary>Go on with a run that was halted, or whose engine died.</summary>
public sealed record ResumeOrder
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>Gives what the run goes on with. Asked once the journal is open and proven, before anything is done; what it throws ends the order.</summary>
    public Func<RunReading, Task<Ground>> GroundFor { get; init; } = _ => Task.FromResult(new Ground());

    /// <summary>Who resumes it. After a mend this person cannot approve.</summary>
    public required string By { get; init; }

    /// <summary>Whether to wait for approvals and confirmations (true), or to halt there (false).</summary>
    public bool WaitForPeople { get; init; } = true;
}

/// <summary>What a resumed run goes on with.</summary>
public sealed record Ground
{
    /// <summary>The plan as its file reads now; null: the journaled one.</summary>
    public Plan? Plan { get; init; }

    /// <summary>What lint found against going on and a person has accepted; journaled.</summary>
    public ImmutableArray<AcceptedRisk> Accepted { get; init; } = [];
}

/// <summary>Take a run back.</summary>
public sealed record RollbackOrder
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>Who asks.</summary>
    public required string By { get; init; }

    /// <summary>The step that is the last one to be undone; null: all.</summary>
    public string? To { get; init; }

    /// <summary>Steps whose loss through a restore is accepted.</summary>
    public ImmutableArray<string> AcceptLoss { get; init; } = [];

    /// <summary>How much each of these may lose, in the unit in which the backup counts; more asks again. A step that is left out may lose twice what is counted when the rollback begins: what is written while it goes on.</summary>
    public ImmutableSortedDictionary<string, long> LossAtMost { get; init; } =
        ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>The step that <see cref="To"/> names, when what then runs may be something that was never seen working; null: it may not.</summary>
    public string? AcceptCombination { get; init; }

    /// <summary>The signature under the accepted loss; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }

    /// <summary>What is journaled when it begins.</summary>
    public RollbackStarted Word =>
        new()
        {
            By = By,
            To = To,
            AcceptedLoss = AcceptLoss,
            LossAtMost = LossAtMost,
            AcceptedCombination = AcceptCombination,
            Signature = Signature,
        };
}

/// <summary>How an order ended.</summary>
/// <param name="Reading">The run as its journal has it.</param>
/// <param name="Problem">What could not even be journaled; null: nothing.</param>
public sealed record RunOutcome(RunReading Reading, string? Problem = null)
{
    /// <summary>Who has the run in hand now, in another process; null: nobody.</summary>
    public LeaseHolder? Holder { get; init; }
}

/// <summary>An order cannot be carried out; nothing was changed. The message says why and what to do.</summary>
public sealed class OrderRefusedException : Exception
{
    /// <summary>Why.</summary>
    public OrderRefusedException(string message)
        : base(message) { }
}
