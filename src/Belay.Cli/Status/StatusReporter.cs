using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Memory;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Rollback;

namespace Belay.Cli.Status;

/// <summary>Makes the status of a run from its journal. Pure.</summary>
internal static class StatusReporter
{
    /// <param name="reading">The run.</param>
    /// <param name="engine">Who is at work on it, or stays with it while it is parked; null: nobody.</param>
    /// <param name="places">Where the plan's items stand, as its file reads now.</param>
    /// <param name="known">What earlier runs tell of the times; null: they are not asked.</param>
    public static StatusReport Of(
        RunReading reading,
        LeaseHolder? engine,
        ImmutableDictionary<string, SourcePosition> places,
        Measurements? known = null
    )
    {
        var standing = Standings.Of(reading, engine is not null);
        var nodes = RunTree.Of(reading).SelectMany(root => root.All()).Select(found => found.Node).ToImmutableArray();
        var back = WayBack.Of(reading, to: null);
        var steps = nodes
            .Where(node => node.Reading is { State: not (StepState.Done or StepState.Undone) })
            .OrderBy(node => node.Reading!.Order)
            .Select(node => StepOf(node, places))
            .ToImmutableArray();
        var about = reading.Halt?.Step ?? reading.Failure?.Step;
        // Groups do not count, what is in them does; a loop that has not begun counts once.
        var counted = nodes.Where(node => node is { Children.IsEmpty: true, Item: not null }).ToArray();
        return new()
        {
            Run = reading.Run,
            Upgrade = reading.Plan!.Upgrade,
            From = reading.Plan.From,
            To = reading.Plan.To,
            Environment = reading.Plan.Environment,
            Standing = standing,
            Since =
                reading.StoppedAt
                ?? reading.Parked?.Since
                ?? (standing is Standing.Died ? reading.LastAt : SinceOf(reading)),
            StartedAt = reading.StartedAt,
            StartedBy = reading.Start!.By,
            Host = reading.Start.Host,
            PlanFile = reading.Start.PlanFile,
            Engine = reading.Status.IsClosed() ? null : engine?.Who,
            Parked = ParkedOf(reading, engine),
            Cause = reading.Halt?.Cause ?? reading.Failure?.Cause,
            Why = WhyOf(reading, standing),
            Step = nodes.FirstOrDefault(node => node.Reading is not null && node.Id == about) is { } step
                ? StepOf(step, places)
                : null,
            Done = counted.Count(node => node.State == StepState.Done),
            Total = counted.Length,
            Steps = steps,
            ChangesStanding = [.. back.Steps.Reverse().Select(change => change.Step)],
            SetAside =
            [
                .. reading.Steps.Values.SelectMany(loop =>
                    loop.SetAside.Select(member => new SetAsideMember(loop.Id, member.Key, member.Value))
                ),
            ],
            Accepted = reading.Accepted,
            WayBack = WayBackWords.Of(reading, back, known),
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
            Standing.ParkedAlone =>
                "it was parked, and nobody stays with it: its watches are not asked, and its soak does not go on",
            Standing.Died => "the engine died: nobody is at work on it, and no end is journaled",
            Standing.Abandoned => reading.Milestones.Select(e => e.Event).OfType<RunAbandoned>().Last() is var left
                ? $"{left.By}: {left.Why}"
                : null,
            _ => reading.Halt?.Why ?? reading.Failure?.Why,
        };

    private static ParkedStatus? ParkedOf(RunReading reading, LeaseHolder? engine) =>
        reading.Parked is not { Parking: var parking }
            ? null
            : new()
            {
                Step = parking.Step,
                Until = parking.Until,
                Waits = engine?.Waits,
                Resources = [.. parking.Reach.Resources.Select(touched => touched.Resource)],
                NobodyPasses = parking.Reach.Untold,
            };

    private static StepStatus StepOf(RunNode node, ImmutableDictionary<string, SourcePosition> places)
    {
        var step = node.Reading!;
        return new()
        {
            Step = step.Id,
            Title = node.Title,
            State = step.State,
            Since = step.EndedAt ?? step.StartedAt,
            Why = step.Why,
            Where =
                node.Item is { } item && places.TryGetValue(item.Id, out var place)
                    ? $"{place.File}:{place.Line}"
                    : null,
            Progress = step.State is StepState.Running or StepState.Undoing ? step.Progress : null,
        };
    }

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
