using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Rollback;

namespace Belay.Cli.Status;

/// <summary>Makes the status of a run from its journal. Pure.</summary>
internal static class StatusReporter
{
    /// <param name="reading">The run.</param>
    /// <param name="holder">Who holds the lease of its environment; null: nobody.</param>
    /// <param name="places">Where the plan's items stand, as its file reads now.</param>
    public static StatusReport Of(
        RunReading reading,
        LeaseHolder? holder,
        ImmutableDictionary<string, SourcePosition> places
    )
    {
        var standing = Standings.Of(reading, holder is not null);
        var back = WayBack.Of(reading, to: null);
        var steps = reading
            .Steps.Values.Where(step => step.State is not (StepState.Done or StepState.Undone))
            .Select(step => StepOf(reading, step, places))
            .ToImmutableArray();
        var about = reading.Halt?.Step ?? reading.Failure?.Step;
        var (done, total) = StepCount.Of(reading);
        return new()
        {
            Run = reading.Run,
            Upgrade = reading.Plan!.Upgrade,
            From = reading.Plan.From,
            To = reading.Plan.To,
            Environment = reading.Plan.Environment,
            Standing = standing,
            Since = reading.StoppedAt ?? (standing is Standing.Died ? reading.LastAt : SinceOf(reading)),
            StartedAt = reading.StartedAt,
            StartedBy = reading.Start!.By,
            Host = reading.Start.Host,
            PlanFile = reading.Start.PlanFile,
            Engine = reading.Status.IsClosed() ? null : holder?.Who,
            Cause = reading.Halt?.Cause ?? reading.Failure?.Cause,
            Why = WhyOf(reading, standing),
            Step = about is not null && reading.Find(about) is { } step ? StepOf(reading, step, places) : null,
            Done = done,
            Total = total,
            Steps = steps,
            ChangesStanding = [.. back.Steps.Reverse().Select(change => change.Step)],
            SetAside =
            [
                .. reading.Steps.Values.SelectMany(loop =>
                    loop.SetAside.Select(member => new SetAsideMember(loop.Id, member.Key, member.Value))
                ),
            ],
            WayBack = WayBackWords.Of(reading, back),
            Watches = [.. reading.Watches.Values.Select(WatchOf)],
            Ways = Ways.Of(reading, standing, back),
            ExitCode = ExitCode.Of(standing),
        };
    }

    private static DateTimeOffset SinceOf(RunReading reading) =>
        reading.Milestones.LastOrDefault(entry => entry.Event is RunStarted or RunResumed or RollbackStarted)?.At
        ?? reading.StartedAt;

    private static string? WhyOf(RunReading reading, Standing standing) =>
        standing switch
        {
            Standing.Died => "the engine died: nobody is at work on it, and no end is journaled",
            Standing.Abandoned => reading.Milestones.Select(e => e.Event).OfType<RunAbandoned>().Last() is var left
                ? $"{left.By}: {left.Why}"
                : null,
            _ => reading.Halt?.Why ?? reading.Failure?.Why,
        };

    private static StepStatus StepOf(
        RunReading reading,
        StepReading step,
        ImmutableDictionary<string, SourcePosition> places
    ) =>
        new()
        {
            Step = step.Id,
            Title = PlanItems.Find(reading.Plan!, step.Id)?.Title ?? step.Id,
            State = StateWords.Of(step.State),
            Since = step.EndedAt ?? step.StartedAt,
            Why = step.Why,
            Where = places.GetValueOrDefault(PlanItems.WithoutMember(step.Id)) is { } place
                ? $"{place.File}:{place.Line}"
                : null,
            Progress = step.State is StepState.Running or StepState.Undoing ? step.Progress : null,
        };

    private static WatchStatus WatchOf(WatchReading watch) =>
        new()
        {
            Watch = watch.Name,
            Samples = watch.Count,
            Failed = watch.Failed,
            MedianMs = watch.Windows.Count > 0 ? watch.Windows[^1].Window.MedianMs : null,
            FailedWhy = watch.FailedWhy,
        };
}
