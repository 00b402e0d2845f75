using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Rollback;

namespace Belay.Engine.Running;

/// <summary>Walks the plan tree forward. The file's shape is the order; what the journal has as done is passed over.</summary>
internal sealed class Walker(RunContext run, WatchKeeper keeper, PeopleDesk people)
{
    private readonly ChangeRunner changes = new(run);
    private readonly CheckRunner checks = new(run);
    private readonly SoakRunner soaks = new(run, keeper);

    /// <returns>True when every item is done; false when the course stopped, or the run parks.</returns>
    public async Task<bool> SequenceAsync(ImmutableArray<Item> items, Course course)
    {
        foreach (var item in items)
        {
            if (!await OneAsync(item, course))
                return false;
        }
        return true;
    }

    /// <summary>Passes over the items of a group that is done. An approval in it that was voided since then is asked for again: what comes later stands on it.</summary>
    /// <returns>True when all of them are approved; false when the course stopped.</returns>
    public async Task<bool> PassAsync(ImmutableArray<Item> items, Course course)
    {
        foreach (var item in items)
        {
            var passed = item switch
            {
                ApproveItem approve when run.Recorder.Find(course.IdOf(approve.Id)) is { State: not StepState.Done } =>
                    await OneAsync(approve, course),
                EachItem each => await new LoopRunner(run, this, new UndoRunner(run)).PassAsync(each, course),
                _ => await PassAsync(item.Children, course),
            };
            if (!passed)
                return false;
        }
        return true;
    }

    private async Task<bool> OneAsync(Item item, Course course)
    {
        if (course.Failure is not null)
            return false;
        using var noticed = run.Impacts.Begin(item);
        try
        {
            return item switch
            {
                DoItem change => await changes.RunAsync(change, course),
                CheckItem check => await checks.RunAsync(check, course),
                PhaseItem phase => await SequenceAsync(phase.Steps, course),
                ParallelItem parallel => await ParallelAsync(parallel, course),
                EachItem each => await new LoopRunner(run, this, new UndoRunner(run)).RunAsync(each, course),
                SoakItem soak => await soaks.RunAsync(soak, course),
                ApproveItem approve => await people.ApproveAsync(approve, course),
                ConfirmItem confirm => await people.ConfirmAsync(confirm, course),
                DuringItem during => await new DuringRunner(run, this, changes, new UndoRunner(run)).RunAsync(
                    during,
                    course
                ),
                _ => throw new InvalidOperationException($"an item of no known kind: {item.GetType().Name}"),
            };
        }
        catch (JournalException e)
        {
            return course.Fail(HaltCause.LeaseLost, e.Message, course.IdOf(item.Id));
        }
    }

    private async Task<bool> ParallelAsync(ParallelItem parallel, Course course)
    {
        var ends = await Task.WhenAll(parallel.Steps.Select(child => OneAsync(child, course)));
        return ends.All(done => done);
    }
}
