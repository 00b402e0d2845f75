using Belay.Domain.Plans;
using Belay.Engine.Rollback;
using Belay.Engine.Running;

namespace Belay.Engine.Resuming;

/// <summary>Ends conditions that a dead engine, or a run that is given up, left standing.</summary>
internal static class ConditionEnding
{
    /// <summary>Thaws every freeze that still stands: nobody kept its deadline while no engine ran.</summary>
    /// <returns>False when one could not be ended: the others are, and the course has stopped.</returns>
    public static Task<bool> ThawAsync(RunContext run, Course course) =>
        EndAsync(run, course, during => during.Mode == DuringMode.Freeze);

    /// <summary>The changes whose freeze still stands, the last begun first.</summary>
    public static string[] Frozen(RunContext run) => Standing(run, during => during.Mode == DuringMode.Freeze);

    /// <summary>Ends every freeze and every hold that still stands.</summary>
    /// <returns>False when one could not be ended: the course has stopped.</returns>
    public static Task<bool> EndAllAsync(RunContext run, Course course) => EndAsync(run, course, _ => true);

    private static async Task<bool> EndAsync(RunContext run, Course course, Func<DuringItem, bool> which)
    {
        var ended = true;
        foreach (var step in Standing(run, which))
        {
            if (await new UndoRunner(run).EndConditionAsync(step, course))
                continue;
            ended = false;
            // One that cannot be ended must not keep others frozen; but whoever took the lease ends them now.
            if (!run.Lease.StillHeld)
                break;
        }
        return ended;
    }

    private static string[] Standing(RunContext run, Func<DuringItem, bool> which) =>
        run.Recorder.Read(reading =>
        {
            // A mend may have taken the group out of the plan; what it began stands all the same.
            var conditions = reading
                .Start!.Plan.AllItems()
                .Concat(reading.Plan!.AllItems())
                .OfType<DuringItem>()
                .Where(which)
                .Select(during => during.Condition.Id)
                .ToHashSet(StringComparer.Ordinal);
            return reading
                .Steps.Values.Where(step => step.HasEffect && conditions.Contains(IdOf(step.Id)))
                .OrderByDescending(step => step.Order)
                .Select(step => step.Id)
                .ToArray();
        });

    private static string IdOf(string step) =>
        step.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? step[..at] : step;
}
