using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;
using Belay.Engine.Running;

namespace Belay.Engine.Resuming;

/// <summary>A resume observes again what the run has done: work that somebody took away meanwhile is no ground to build on.</summary>
internal sealed class Reobservation(RunContext run)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <returns>True when everything still stands; false when the course stopped.</returns>
    public async Task<bool> RunAsync(Course course)
    {
        var drifts = await Task.WhenAll(Standing().Select(step => WhyDriftedAsync(step, course)));
        return drifts.FirstOrDefault(drift => drift is not null) is not { } first
            || course.Fail(HaltCause.Drifted, first.Why, first.Step);
    }

    /// <summary>Changes that are done, whose resources no later change of this run has touched, and of which no later one has ended a member.</summary>
    private IEnumerable<StepReading> Standing()
    {
        var begun = run
            .Recorder.Read(reading =>
                reading.Steps.Values.Where(step => step.HasEffect).OrderByDescending(step => step.Order).ToArray()
            )
            .Select(step => (Step: step, Touches: Touched(step)))
            .ToArray();
        var members = new Members(begun.SelectMany(change => change.Touches));
        var (touched, ended) = (
            new HashSet<string>(StringComparer.Ordinal),
            new HashSet<string>(StringComparer.Ordinal)
        );
        foreach (var (step, touches) in begun)
        {
            var altered = touches
                .Where(touch => touch.Kind != TouchKind.Read)
                .Select(touch => touch.Resource)
                .ToArray();
            // What the run itself has ended cannot be looked at any more, and does not have to stand.
            if (
                step.State == StepState.Done
                && !altered.Any(touched.Contains)
                && !touches.Any(touch => ended.Contains(members.Of(touch.Resource)))
            )
                yield return step;
            touched.UnionWith(altered);
            ended.UnionWith(
                touches.Where(touch => touch.Kind == TouchKind.Destroy).Select(touch => members.Of(touch.Resource))
            );
        }
    }

    private async Task<Drift?> WhyDriftedAsync(StepReading step, Course course)
    {
        // Many can look at once: on whichever threads there are, in the order of their turns under simulation.
        await Task.Yield();
        try
        {
            await using var change = new UndoRunner(run).Create(step.Intent!);
            var observed = await new Attempts(run, course, Limit).UntilAnsweredAsync(change.ObserveAsync);
            return change.Same(run.Sealing.Unseal(step.After!.Value), observed)
                ? null
                : new Drift(
                    step.Id,
                    $"'{step.Id}' was done, and is no longer as the run left it: mend it and resume, or roll back"
                );
        }
        catch (Exception e) when (e is not Ports.JournalException)
        {
            return new Drift(step.Id, $"'{step.Id}' was done, and cannot be observed now: {Failures.Typed(e).Message}");
        }
    }

    private ImmutableArray<Touch> Touched(StepReading step)
    {
        try
        {
            return run.Catalog.Find(step.Intent!.Operation)?.TouchesOf(run.Sealing.Unseal(step.Intent.Inputs)) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private sealed record Drift(string Step, string Why);
}
