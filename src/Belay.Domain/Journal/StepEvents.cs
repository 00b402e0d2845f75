using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Evidence;

namespace Belay.Domain.Journal;

/// <summary>A step that is not a change began.</summary>
public sealed record StepStarted : StepEvent;

/// <summary>A change is about to be applied. Durable before the first effect.</summary>
public sealed record Intent : StepEvent
{
    /// <summary>The attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The operation.</summary>
    public required string Operation { get; init; }

    /// <summary>Its inputs, resolved but for secrets.</summary>
    public required JsonElement Inputs { get; init; }

    /// <summary>The state before the first attempt, secrets sealed.</summary>
    public required JsonElement Before { get; init; }

    /// <summary>What is left to do.</summary>
    public required Difference Difference { get; init; }

    /// <summary>How it can be taken back, the plan's own word included.</summary>
    public required Reversal Reversal { get; init; }

    /// <summary>The backup step through which it is taken back; null when the reversal is not a restore.</summary>
    public string? Restore { get; init; }
}

/// <summary>Long work came further.</summary>
public sealed record Progressed : StepEvent
{
    /// <summary>How far.</summary>
    public required Progress Progress { get; init; }
}

/// <summary>A child process was started.</summary>
public sealed record ChildStarted : StepEvent
{
    /// <summary>Which.</summary>
    public required ProcessIdentity Child { get; init; }

    /// <summary>Its command line, secrets removed.</summary>
    public required string Command { get; init; }
}

/// <summary>A child process ended, or was ended.</summary>
public sealed record ChildEnded : StepEvent
{
    /// <summary>Which.</summary>
    public required ProcessIdentity Child { get; init; }

    /// <summary>Its exit code; null when it is not known (it was settled after a crash).</summary>
    public int? ExitCode { get; init; }
}

/// <summary>An attempt failed in a way that allows another one.</summary>
public sealed record AttemptFailed : StepEvent
{
    /// <summary>Why.</summary>
    public required string Why { get; init; }
}

/// <summary>A step is done and verified.</summary>
public sealed record StepDone : StepEvent
{
    /// <summary>The state after, secrets sealed; for a check what it observed last; null for an item that has no state.</summary>
    public JsonElement? After { get; init; }

    /// <summary>The change was done before the run: rollback leaves it alone.</summary>
    public bool AlreadyDone { get; init; }

    /// <summary>After a crash the work was found done, by observation or by its token.</summary>
    public bool Adopted { get; init; }
}

/// <summary>A step failed for good.</summary>
public sealed record StepFailed : StepEvent
{
    /// <summary>In which way.</summary>
    public required FailureKind Failure { get; init; }

    /// <summary>Why, and what to do.</summary>
    public required string Why { get; init; }
}

/// <summary>A change was started, and whether it happened cannot be told.</summary>
public sealed record StepInDoubt : StepEvent
{
    /// <summary>What is known.</summary>
    public required string Why { get; init; }
}

/// <summary>A person said whether an in-doubt step happened.</summary>
public sealed record StepResolved : StepEvent
{
    /// <summary>Whether it happened.</summary>
    public required bool Happened { get; init; }

    /// <summary>Who said so.</summary>
    public required string By { get; init; }

    /// <summary>How they know.</summary>
    public required string Reason { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}

/// <summary>A check was asked. Journaled when the answer or its reason changed.</summary>
public sealed record Checked : StepEvent
{
    /// <summary>The answer.</summary>
    public required Answer Answer { get; init; }

    /// <summary>Why; null when it holds.</summary>
    public string? Why { get; init; }

    /// <summary>What was observed; null when nothing could be.</summary>
    public JsonElement? Observed { get; init; }
}

/// <summary>What a check, or a watch's sample, said.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Answer>))]
public enum Answer
{
    /// <summary>It holds.</summary>
    [JsonStringEnumMemberName("holds")]
    Holds,

    /// <summary>Not yet.</summary>
    [JsonStringEnumMemberName("not-yet")]
    NotYet,

    /// <summary>It is broken.</summary>
    [JsonStringEnumMemberName("broken")]
    Broken,

    /// <summary>It could not be read. Never a pass.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}

/// <summary>A soak counted on.</summary>
public sealed record Soaked : StepEvent
{
    /// <summary>The sampled time that counts so far.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>The good samples that count so far.</summary>
    public required int Samples { get; init; }
}

/// <summary>A loop began; its members are fixed from now on.</summary>
public sealed record EachStarted : StepEvent
{
    /// <summary>The members.</summary>
    public required ImmutableArray<LoopMember> Members { get; init; }
}

/// <summary>A member of a loop.</summary>
/// <param name="Key">What stands after the <c>@</c> in its steps' ids.</param>
/// <param name="Value">The value of the loop's variable.</param>
public sealed record LoopMember(string Key, JsonElement Value);

/// <summary>A member of a loop failed within what is tolerated, was undone and set aside.</summary>
public sealed record MemberSetAside : StepEvent
{
    /// <summary>Which.</summary>
    public required string Member { get; init; }

    /// <summary>Why.</summary>
    public required string Why { get; init; }
}

/// <summary>Directly before a change that cannot be taken back exactly, the environment's systems were compared with those that are known.</summary>
public sealed record IdentityCompared : StepEvent
{
    /// <summary>What was read and compared.</summary>
    public required EnvironmentIdentity Identity { get; init; }
}
