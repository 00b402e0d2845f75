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

    public static readonly Catalog Catalog = new([
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
                Change("cut-over", Reversal.Exact, TouchKind.Freeze, TouchKind.Modify, TouchKind.Thaw),
                Any("exact", Reversal.Exact),
                Any("final", Reversal.Never),
                Define.Backup<LintInputs, LintState>(
                    "fake.save",
                    "Saves as its inputs say",
                    o => new LintJson(o),
                    inputs => inputs.Touches,
                    (_, _) => throw new NotSupportedException()
                ),
                Define.Check<LintInputs, LintState>(
                    "fake.look",
                    "Reads as its inputs say",
                    o => new LintJson(o),
                    inputs => inputs.Touches,
                    (_, _) => throw new NotSupportedException()
                ),
                Define.Backup<LintInputs, LintState>(
                    "fake.backup",
                    "Saves",
                    o => new LintJson(o),
                    inputs => [new Touch(inputs.What, TouchKind.BackUp) { Proven = true, ClosedWhileRestored = true }],
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
    public static string Findings(params ImmutableArray<Item> steps) => Findings(Plan(steps));

    /// <summary>The findings of one rule alone: for plans that others refuse too.</summary>
    public static string FindingsOf(string code, params ImmutableArray<Item> steps) =>
        string.Join(
            ", ",
            Linter.Lint(Plan(steps), Catalog).Where(f => f.Code == code).Select(f => $"{f.Code} {f.Step}")
        );

    /// <summary>The codes and steps of the findings, warnings left out.</summary>
    public static string Findings(Plan plan) =>
        string.Join(
            ", ",
            Linter.Lint(plan, Catalog).Where(f => f.Severity == Severity.Error).Select(f => $"{f.Code} {f.Step}")
        );

    /// <summary>Everything that lint says, as people read it.</summary>
    public static string[] Lines(Plan plan) => [.. Linter.Lint(plan, Catalog).Select(f => f.ToString())];

    /// <summary>A plan from release 1, which lives with schemas 1 and 2 of the store <c>sql:db</c>, to release 2, which lives with 2 and 3.</summary>
    public static Plan Plan(params ImmutableArray<Item> steps) =>
        new()
        {
            Upgrade = "shop",
            From = "1",
            To = "2",
            Environment = "default",
            Releases = ImmutableSortedDictionary<string, ReleaseFacts>
                .Empty.Add("1", Lives(1, 2))
                .Add("2", Lives(2, 3)),
            Steps = steps,
        };

    /// <summary>A change with these touches that can be taken back.</summary>
    public static DoItem Exact(string id, params ImmutableArray<Touch> touches) => Step("exact", id, touches);

    /// <summary>A change with these touches that can never be taken back.</summary>
    public static DoItem Final(string id, params ImmutableArray<Touch> touches) => Step("final", id, touches);

    /// <summary>A backup with these touches.</summary>
    public static DoItem Save(string id, params ImmutableArray<Touch> touches) => Step("save", id, touches);

    /// <summary>A check with these touches.</summary>
    public static CheckItem Look(string id, params ImmutableArray<Touch> touches) =>
        new()
        {
            Id = id,
            Title = id,
            Operation = "fake.look",
            With = Step("look", id, touches).With,
        };

    /// <summary>A check that proves something of a resource.</summary>
    public static CheckItem Look(string id, string resource, Proof proves) =>
        Look(id, new Touch(resource, TouchKind.Read) { Proves = proves });

    public static Touch RouteTo(string resource) => new(resource, TouchKind.RouteTo);

    public static Touch RouteAway(string resource) => new(resource, TouchKind.RouteAway) { Drains = true };

    public static Touch Destroy(string resource) => new(resource, TouchKind.Destroy);

    public static Touch Migrate(int to) => new("sql:db", TouchKind.Modify) { Reaches = to };

    /// <summary>A loop over these members, which its steps name as <c>${server}</c>.</summary>
    public static EachItem Each(string[] members, params ImmutableArray<Item> steps) =>
        new()
        {
            Id = "each",
            Title = "each",
            Variable = "server",
            Over = JsonSerializer.SerializeToElement(members, Json.StringArray),
            Canary = 1,
            Steps = steps,
        };

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

    public static ConfirmItem Confirm() =>
        new()
        {
            Id = "confirm",
            Title = "confirm",
            Instructions = "look at it",
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

    private static ReleaseFacts Lives(int least, int greatest) =>
        new()
        {
            Schema = ImmutableSortedDictionary<string, SchemaWindow>.Empty.Add("db", new SchemaWindow(least, greatest)),
        };

    private static DoItem Step(string verb, string id, ImmutableArray<Touch> touches) =>
        new()
        {
            Id = id,
            Title = id,
            Operation = $"fake.{verb}",
            With = JsonSerializer.SerializeToElement(new LintInputs { What = "", Touches = touches }, Json.LintInputs),
        };

    private static ChangeDefinition Any(string verb, Reversal reversal) =>
        Define.Change<LintInputs, LintState>(
            $"fake.{verb}",
            "Alters as its inputs say",
            o => new LintJson(o),
            reversal,
            inputs => inputs.Touches,
            (_, _) => throw new NotSupportedException()
        );

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

    public ImmutableArray<Touch> Touches { get; init; } = [];
}

internal sealed record LintState;

[JsonSerializable(typeof(LintInputs))]
[JsonSerializable(typeof(LintState))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class LintJson : JsonSerializerContext;
