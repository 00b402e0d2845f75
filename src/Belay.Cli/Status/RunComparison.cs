using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Cli.Screens;
using Belay.Domain.Memory;
using Belay.Domain.Readings;
using Belay.Engine.Resuming;

namespace Belay.Cli.Status;

/// <summary>What differed between two runs. Pure.</summary>
internal sealed record RunComparison
{
    /// <summary>Times that differ by less than this, or by less than half, are the same to a person.</summary>
    private static readonly TimeSpan LeastDifference = TimeSpan.FromSeconds(1);

    public required ComparedRun First { get; init; }

    public required ComparedRun Second { get; init; }

    /// <summary>What is added, removed, moved or changed in the second one's plan, a line each.</summary>
    public required ImmutableArray<string> Plan { get; init; }

    /// <summary>Steps whose outcome, effect or time differed.</summary>
    public required ImmutableArray<ComparedStep> Steps { get; init; }

    [JsonIgnore]
    public bool IsSame => Plan.IsEmpty && Steps.IsEmpty && First.Status == Second.Status;

    public static RunComparison Of(RunReading first, RunReading second) =>
        new()
        {
            First = ComparedRun.Of(first),
            Second = ComparedRun.Of(second),
            Plan = Mend.Between(first.Plan!, second.Plan!).Changes,
            Steps =
            [
                .. first
                    .Steps.Keys.Union(second.Steps.Keys, StringComparer.Ordinal)
                    .Select(id => Step(id, first.Find(id), second.Find(id)))
                    .Where(Differs),
            ],
        };

    private static ComparedStep Step(string id, StepReading? first, StepReading? second)
    {
        var (before, after) = (Effect(first), Effect(second));
        return new()
        {
            Step = id,
            First = ComparedSide.Of(first),
            Second = ComparedSide.Of(second),
            OnlyFirst = [.. before.Except(after, StringComparer.Ordinal)],
            OnlySecond = [.. after.Except(before, StringComparer.Ordinal)],
        };
    }

    private static ImmutableArray<string> Effect(StepReading? step) =>
        step?.Intent is { } intent ? [.. intent.Difference.Lines.Select(EventWords.Line)] : [];

    private static bool Differs(ComparedStep step) =>
        step.First?.State != step.Second?.State
        || step.First?.AlreadyDone != step.Second?.AlreadyDone
        || !step.OnlyFirst.IsEmpty
        || !step.OnlySecond.IsEmpty
        || (step.First?.Took is { } a && step.Second?.Took is { } b && IsFar(a, b));

    private static bool IsFar(TimeSpan a, TimeSpan b) =>
        (a - b).Duration() >= LeastDifference && (a > b ? a / 1.5 > b : b / 1.5 > a);
}

/// <summary>One of two runs.</summary>
internal sealed record ComparedRun(
    string Run,
    string Environment,
    string From,
    string To,
    RunStatus Status,
    TimeSpan? Took
)
{
    public static ComparedRun Of(RunReading reading) =>
        new(
            reading.Run,
            reading.Plan!.Environment,
            reading.Plan.From,
            reading.Plan.To,
            reading.Status,
            reading.StoppedAt - reading.StartedAt
        );
}

/// <summary>A step in both runs.</summary>
internal sealed record ComparedStep
{
    public required string Step { get; init; }

    /// <summary>Null: not begun there.</summary>
    public ComparedSide? First { get; init; }

    /// <inheritdoc cref="First"/>
    public ComparedSide? Second { get; init; }

    /// <summary>What it would alter in the first run only.</summary>
    public required ImmutableArray<string> OnlyFirst { get; init; }

    /// <summary>What it would alter in the second run only.</summary>
    public required ImmutableArray<string> OnlySecond { get; init; }
}

/// <summary>A step in one of two runs.</summary>
internal sealed record ComparedSide(StepState State, bool AlreadyDone, TimeSpan? Took)
{
    /// <summary>How much work it was, as its progress said; null: it did not say.</summary>
    public Amount? Amount { get; init; }

    public static ComparedSide? Of(StepReading? step) =>
        step is null
            ? null
            : new(step.State, step.AlreadyDone, step.EndedAt - step.StartedAt)
            {
                Amount = step.Progress is { Total: { } total, Unit: { } unit } ? new Amount(total, unit) : null,
            };
}
