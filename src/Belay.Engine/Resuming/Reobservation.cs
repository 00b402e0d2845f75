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

    /// <summary>Changes that are done and whose resources no later change of this run has touched.</summary>
    private IEnumerable<StepReading> Standing()
    {
        var begun = run.Recorder.Read(reading =>
            reading.Steps.Values.Where(step => step.HasEffect).OrderByDescending(step => step.Order).ToArray()
        );
        var touched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in begun)
        {
            var altered = Altered(step);
            if (step.State == StepState.Done && !altered.Any(touched.Contains))
                yield return step;
            touched.UnionWith(altered);
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

    private string[] Altered(StepReading step)
    {
        try
        {
            var touches =
                run.Catalog.Find(step.Intent!.Operation)?.TouchesOf(run.Sealing.Unseal(step.Intent.Inputs)) ?? [];
            return [.. touches.Where(touch => touch.Kind != TouchKind.Read).Select(touch => touch.Resource)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private sealed record Drift(string Step, string Why);
}
