using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Cli.Status;
using Belay.Cli.Verbs;
using Belay.Domain.Json;
using Belay.Domain.Lint;
using Belay.Planning;

namespace Belay.Cli;

/// <summary>The answers of the verbs as JSON.</summary>
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(DoneAnswer))]
[JsonSerializable(typeof(RunsAnswer))]
[JsonSerializable(typeof(LintAnswer))]
[JsonSerializable(typeof(PlanAnswer))]
[JsonSerializable(typeof(ProofAnswer))]
[JsonSerializable(typeof(RehearseAnswer))]
[JsonSerializable(typeof(Rehearsal.ToldStory))]
[JsonSerializable(typeof(RollbackPreview))]
[JsonSerializable(typeof(Domain.Journal.ApprovalRequested))]
[JsonSerializable(typeof(ScriptAnswer))]
[JsonSerializable(typeof(RunComparison))]
[JsonSerializable(typeof(Work.MeasuredRuns))]
[JsonSerializable(typeof(MergeAnswer))]
[JsonSerializable(typeof(Releases.Comparing.ReleaseDiff))]
[JsonSerializable(typeof(Pages.BriefFacts))]
[JsonSerializable(typeof(PathReply))]
[JsonSerializable(typeof(PreflightAnswer))]
[JsonSerializable(typeof(Releases.Importing.ImportedPlan))]
[JsonSerializable(typeof(Domain.Environments.EnvironmentIdentity))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Domain.Contract.Secret))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>With Belay's way of writing JSON.</summary>
    public static CliJson Instance { get; } = new(BelayJson.NewOptions());
}

/// <summary>Why a verb did not do what was asked.</summary>
/// <param name="Error">In one line.</param>
/// <param name="ExitCode">What the program exits with.</param>
/// <param name="Diagnostics">What is wrong with files.</param>
/// <param name="Findings">What lint refuses.</param>
internal sealed record ErrorAnswer(
    string Error,
    int ExitCode,
    ImmutableArray<Diagnostic> Diagnostics,
    ImmutableArray<Finding> Findings
)
{
    public string Kind { get; init; } = "error";
}

/// <summary>A verb did what was asked, and there is nothing more to tell than that.</summary>
internal sealed record DoneAnswer(string Done);
