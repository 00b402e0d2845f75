using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Readings;

namespace Belay.Domain.Evidence;

/// <summary>What happened in a run, as far as its journal tells at the moment of signing.</summary>
public sealed record RunPredicate
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>What was upgraded.</summary>
    public required string Upgrade { get; init; }

    /// <summary>The release before.</summary>
    public required string From { get; init; }

    /// <summary>The release after, when it is done.</summary>
    public required string To { get; init; }

    /// <summary>Where.</summary>
    public required AttestedEnvironment Environment { get; init; }

    /// <summary>The hash of the plan that ran last; the journal holds the plan.</summary>
    public required string PlanSha256 { get; init; }

    /// <summary>Who started it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>On which machine.</summary>
    public required string Host { get; init; }

    /// <summary>The version of Belay that started it.</summary>
    public required string Version { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedOn { get; init; }

    /// <summary>When it ended, UTC; null: it is not closed.</summary>
    public DateTimeOffset? EndedOn { get; init; }

    /// <summary>How it stands.</summary>
    public required RunStatus Outcome { get; init; }

    /// <summary>Why it halted, failed or was abandoned; null: nothing to say.</summary>
    public string? Why { get; init; }

    /// <summary>The journal's chain.</summary>
    public required AttestedChain Journal { get; init; }

    /// <summary>Every step that began, in the order in which it did.</summary>
    public required ImmutableArray<AttestedStep> Steps { get; init; }

    /// <summary>The words of people: approvals, confirmations, resolutions, accepted losses, abandonments, accepted findings of lint.</summary>
    public required ImmutableArray<AttestedWord> Words { get; init; }

    /// <summary>The numbers of the run.</summary>
    public required AttestedNumbers Numbers { get; init; }
}

/// <summary>Where a run ran.</summary>
public sealed record AttestedEnvironment
{
    /// <summary>The environment's name.</summary>
    public required string Name { get; init; }

    /// <summary>Which live systems it consists of: <see cref="Environments.EnvironmentIdentity.Hash"/>; null: none can be identified.</summary>
    public string? Identity { get; init; }
}

/// <summary>One step of a run.</summary>
public sealed record AttestedStep
{
    /// <summary>The step's id; inside a loop <c>ID@MEMBER</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its operation; null: it is no change, or none was begun.</summary>
    public string? Operation { get; init; }

    /// <summary>How it could be taken back; null: it is no change, or none was begun.</summary>
    public Reversal? Reversal { get; init; }

    /// <summary>How it stands.</summary>
    public required StepState Result { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedOn { get; init; }

    /// <summary>When it was done, failed or undone, UTC; null: not yet.</summary>
    public DateTimeOffset? EndedOn { get; init; }

    /// <summary>How often it was attempted; null: it is no change, or none was begun.</summary>
    public int? Attempts { get; init; }

    /// <summary>Why it failed or is in doubt; null: nothing to say.</summary>
    public string? Why { get; init; }
}

/// <summary>The word of a person.</summary>
public sealed record AttestedWord
{
    /// <summary>Which kind of word: <c>approval</c>, <c>confirmation</c>, <c>resolution</c>, <c>loss-acceptance</c>, <c>abandonment</c> or <c>risk-acceptance</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The step; null: it is about the run.</summary>
    public string? Step { get; init; }

    /// <summary>Who.</summary>
    public required string By { get; init; }

    /// <summary>When it was signed, or journaled when it was not, UTC.</summary>
    public required DateTimeOffset On { get; init; }

    /// <summary>What it covers; null: it is no approval.</summary>
    public string? Covers { get; init; }

    /// <summary>What they wrote; null: nothing.</summary>
    public string? Text { get; init; }

    /// <summary>The id of the key with which it is signed; null: it is not.</summary>
    public string? SignedWith { get; init; }

    /// <summary>Its sequence number in the journal.</summary>
    public required long Sequence { get; init; }
}

/// <summary>The numbers of a run.</summary>
public sealed record AttestedNumbers
{
    /// <summary>Changes that were begun.</summary>
    public required int Changes { get; init; }

    /// <summary>Changes that were taken back.</summary>
    public required int Undone { get; init; }

    /// <summary>How often it was resumed.</summary>
    public required int Resumes { get; init; }

    /// <summary>How often it halted.</summary>
    public required int Halts { get; init; }

    /// <summary>Samples of all watches.</summary>
    public required long WatchSamples { get; init; }

    /// <summary>Samples of all watches that failed or could not be read.</summary>
    public required long WatchFailures { get; init; }
}
