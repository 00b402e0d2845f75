using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Lint;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Domain.Tests.Lint;

/// <summary>Plans in a few words, for the examples of the rules.</summary>
internal static class LintPlan
{
    private static readonly LintJson Json = new(BelayJson.NewOptions());

    private static readonly Catalog Catalog = new([
        new Connector
        {
            Name = "fake",
            Summary = "Operations that cannot be run",
            Operations =
            [
                Change("modify", Reversal.Exact, TouchKind.Modify),
                Change("convert", Reversal.Restore, TouchKind.Modify),
                Change("destroy", Reversal.Never, TouchKind.Destroy),
                Change("create", Reversal.Exact, TouchKind.Create),
                Change("freeze", Reversal.Exact, TouchKind.Freeze),
                Change("cut-over", Reversal.Exact, TouchKind.Freeze, TouchKind.Modify),
                Define.Backup<LintInputs, LintState>(
                    "fake.backup",
                    "Saves",
                    o => new LintJson(o),
                    inputs => [new Touch(inputs.What, TouchKind.BackUp)],
                    (_, _) => throw new NotSupportedException()
                ),
                Define.Check<LintInputs, LintState>(
                    "fake.check",
                    "Reads",
                    o => new LintJson(o),
                    inputs => [new Touch(inputs.What, TouchKind.Read)],
                    (_, _) => throw new NotSupportedException()
                ),
            ],
        },
    ]);

    /// <summary>The codes and steps of the findings: <c>never-unguarded drop</c>.</summary>
    public static string Findings(params ImmutableArray<Item> steps) =>
        string.Join(
            ", ",
            Linter
                .Lint(
                    new Plan
                    {
                        Upgrade = "shop",
                        From = "1",
                        To = "2",
                        Environment = "default",
                        Steps = steps,
                    },
                    Catalog
                )
                .Select(f => $"{f.Code} {f.Step}")
        );

    public static DoItem Do(string verb, string id = "step", string what = "store:a", string? restore = null) =>
        new()
        {
            Id = id,
            Title = id,
            Operation = $"fake.{verb}",
            With = JsonSerializer.SerializeToElement(new LintInputs { What = what }, Json.LintInputs),
            Restore = restore,
        };

    public static CheckItem Check(string what = "store:a") =>
        new()
        {
            Id = "check",
            Title = "check",
            Operation = "fake.check",
            With = Do("check", what: what).With,
        };

    public static SoakItem Soak() =>
        new()
        {
            Id = "soak",
            Title = "soak",
            Time = TimeSpan.FromMinutes(1),
        };

    public static ApproveItem Approve() =>
        new()
        {
            Id = "approve",
            Title = "approve",
            By = "manager",
        };

    public static PhaseItem Phase(params ImmutableArray<Item> steps) =>
        new()
        {
            Id = "phase",
            Title = "phase",
            Steps = steps,
        };

    public static ParallelItem Parallel(params ImmutableArray<Item> steps) =>
        new()
        {
            Id = "parallel",
            Title = "parallel",
            Steps = steps,
        };

    public static DuringItem Freeze(TimeSpan? atMost, params ImmutableArray<Item> steps) =>
        new()
        {
            Id = "during",
            Title = "during",
            Mode = DuringMode.Freeze,
            Condition = Do("freeze", "condition"),
            AtMost = atMost,
            Steps = steps,
        };

    private static ChangeDefinition Change(string verb, Reversal reversal, params TouchKind[] kinds) =>
        Define.Change<LintInputs, LintState>(
            $"fake.{verb}",
            "Alters",
            o => new LintJson(o),
            reversal,
            inputs => kinds.Select(kind => new Touch(inputs.What, kind)),
            (_, _) => throw new NotSupportedException()
        );
}

internal sealed record LintInputs
{
    public required string What { get; init; }
}

internal sealed record LintState;

[JsonSerializable(typeof(LintInputs))]
[JsonSerializable(typeof(LintState))]
internal sealed partial class LintJson : JsonSerializerContext;
