using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Lint;
using Belay.Domain.Memory;
using Belay.Domain.Readings;

namespace Belay.Cli.Status;

/// <summary>Exactly where a run is, why, since when, and the ways on: what <c>belay status --output json</c> prints.</summary>
internal sealed record StatusReport
{
    /// <summary>Always <c>status</c>: tells it from the events among which <c>run</c> and <c>follow</c> print it.</summary>
    public string Kind { get; init; } = "status";

    public required string Run { get; init; }

    public required string Upgrade { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Environment { get; init; }

    public required Standing Standing { get; init; }

    /// <summary>Since when it stands so, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string StartedBy { get; init; }

    public required string Host { get; init; }

    public required string PlanFile { get; init; }

    /// <summary>Who is at work on it; null: nobody.</summary>
    public string? Engine { get; init; }

    /// <summary>How it is parked; null when it is not.</summary>
    public ParkedStatus? Parked { get; init; }

    /// <summary>What stopped it; null while it runs.</summary>
    public HaltCause? Cause { get; init; }

    /// <summary>Why it stands so, in one line; null when there is nothing to say.</summary>
    public string? Why { get; init; }

    /// <summary>The step that it is about.</summary>
    public StepStatus? Step { get; init; }

    /// <summary>Steps done.</summary>
    public required int Done { get; init; }

    /// <summary>Steps in all, as far as it is known now.</summary>
    public required int Total { get; init; }

    /// <summary>Steps that are under way, wait, failed or are in doubt.</summary>
    public required ImmutableArray<StepStatus> Steps { get; init; }

    /// <summary>Changes that stand in the live system, in the order in which they were made.</summary>
    public required ImmutableArray<string> ChangesStanding { get; init; }

    /// <summary>Members of loops that were set aside, and why.</summary>
    public required ImmutableArray<SetAsideMember> SetAside { get; init; }

    /// <summary>What lint found against the plan and a person has accepted.</summary>
    public required ImmutableArray<AcceptedRisk> Accepted { get; init; }

    /// <summary>How long the rest will take, by the times of earlier runs; null: nothing is left, or nothing of it was measured.</summary>
    public Forecast? TimeLeft { get; init; }

    public required WayBackStatus WayBack { get; init; }

    public required ImmutableArray<WatchStatus> Watches { get; init; }

    /// <summary>The ways on.</summary>
    public required ImmutableArray<Way> Ways { get; init; }

    /// <summary>What <c>belay status</c> exits with.</summary>
    public required int ExitCode { get; init; }
}

/// <summary>How a run is parked.</summary>
internal sealed record ParkedStatus
{
    /// <summary>The soak for which it waits.</summary>
    public required string Step { get; init; }

    /// <summary>When the soak is over if nothing comes between, UTC.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Why it would wake and cannot yet; null: it has no reason to.</summary>
    public string? Waits { get; init; }

    /// <summary>What it touches: a run that touches none of these may pass.</summary>
    public required ImmutableArray<string> Resources { get; init; }

    /// <summary>Why no run may pass: what this one touches cannot all be told; null: some may.</summary>
    public string? NobodyPasses { get; init; }
}

/// <summary>A step that is not simply done.</summary>
internal sealed record StepStatus
{
    public required string Step { get; init; }

    public required string Title { get; init; }

    public required StepState State { get; init; }

    public required DateTimeOffset Since { get; init; }

    public string? Why { get; init; }

    /// <summary>Where it stands in the plan: <c>upgrade.yaml:28</c>; null when the plan file cannot be read now.</summary>
    public string? Where { get; init; }

    public Progress? Progress { get; init; }
}

/// <summary>A member of a loop that was set aside.</summary>
internal sealed record SetAsideMember(string Step, string Member, string Why);

/// <summary>What going back means from here.</summary>
internal sealed record WayBackStatus
{
    /// <summary>The weakest reversal among the changes that stand.</summary>
    public required Reversal Reversal { get; init; }

    /// <summary>What it costs, in words.</summary>
    public required string Cost { get; init; }

    /// <summary>What would be taken back, in this order.</summary>
    public required ImmutableArray<WayBackLine> Steps { get; init; }
}

/// <summary>One step of the way back.</summary>
internal sealed record WayBackLine(string Step, string Operation, Reversal Reversal, string? Backup)
{
    /// <summary>What it costs though nothing is lost; null: nothing that anybody would notice.</summary>
    public string? Cost { get; init; }
}

/// <summary>How a watch does.</summary>
internal sealed record WatchStatus
{
    public required string Watch { get; init; }

    public required long Samples { get; init; }

    public required long Failed { get; init; }

    /// <summary>The median of the last window, milliseconds; null before the first.</summary>
    public double? MedianMs { get; init; }

    /// <summary>Why it stopped the run last; null when it never did.</summary>
    public string? FailedWhy { get; init; }
}
