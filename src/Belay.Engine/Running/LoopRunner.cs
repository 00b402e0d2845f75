using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;

namespace Belay.Engine.Running;

/// <summary>Runs a loop: the canary first and one at a time, then batches. A member that fails within what is tolerated is undone and set aside.</summary>
internal sealed class LoopRunner(RunContext run, Walker walker, UndoRunner undo)
{
    private readonly HashSet<string> leaving = new(StringComparer.Ordinal);

    /// <returns>True when every member is done or set aside; false when the course stopped, or the run parks.</returns>
    public async Task<bool> RunAsync(EachItem item, Course course)
    {
        var step = course.IdOf(item.Id);
        if (run.Recorder.Find(step) is { State: StepState.Done })
            return await PassAsync(item, course);
        var members = run.Recorder.Find(step)?.Members ?? await BeginAsync(item, step, course);
        if (members is not { } fixedMembers)
            return false;

        var canaries = fixedMembers.Take(item.Canary).Select(member => ImmutableArray.Create(member));
        var batches = fixedMembers.Skip(item.Canary).Chunk(item.Batch).Select(batch => batch.ToImmutableArray());
        foreach (var (batch, tolerated) in canaries.Select(c => (c, 0)).Concat(batches.Select(b => (b, item.Tolerate))))
        {
            if (course.Failure is not null)
                return false;
            var ends = await Task.WhenAll(batch.Select(member => MemberAsync(item, step, member, tolerated, course)));
            if (!ends.All(done => done))
                return false;
        }
        run.Recorder.Note(new StepDone { Step = step });
        return true;
    }

    /// <inheritdoc cref="Walker.PassAsync"/>
    public async Task<bool> PassAsync(EachItem item, Course course)
    {
        if (run.Recorder.Find(course.IdOf(item.Id)) is not { Members: { } members } loop)
            return true;
        foreach (var member in members.Where(member => !loop.SetAside.ContainsKey(member.Key)))
        {
            using var own = course.Member(item.Variable, member);
            if (!await walker.PassAsync(item.Steps, own))
                return own.Failure is { } failure && course.Fail(failure.Cause, failure.Why, failure.Step);
        }
        return true;
    }

    /// <summary>Fixes the members for good: a list that changes while the loop runs would never end the same way twice.</summary>
    private async Task<ImmutableArray<LoopMember>?> BeginAsync(EachItem item, string step, Course course)
    {
        try
        {
            var over = InputResolver.Resolve(item.Over, run, course);
            if (over.ValueKind != JsonValueKind.Array)
                throw OperationException.Refused($"'{item.Variable}' is to walk a list; it is {over.ValueKind}");
            var left = SetAsideSoFar();
            var members = LoopMembers.Of(over).Where(member => !left.Contains(member.Key)).ToImmutableArray();
            await run.Recorder.RecordAsync(new EachStarted { Step = step, Members = members });
            return members;
        }
        catch (OperationException e)
        {
            course.Fail(HaltCause.StepFailed, e.Message, step);
            return null;
        }
    }

    private HashSet<string> SetAsideSoFar() =>
        run.Recorder.Read(reading =>
            reading.Steps.Values.SelectMany(known => known.SetAside.Keys).ToHashSet(StringComparer.Ordinal)
        );

    private async Task<bool> MemberAsync(EachItem item, string step, LoopMember member, int tolerated, Course course)
    {
        if (run.Recorder.Find(step)!.SetAside.ContainsKey(member.Key))
            return true;
        using var own = course.Member(item.Variable, member);
        if (await walker.SequenceAsync(item.Steps, own))
            return true;
        if (own.Failure is not { } failure)
            return false;
        if (course.Failure is not null || !MayBeSetAside(failure) || !Take(step, member.Key, tolerated))
            return course.Fail(failure.Cause, failure.Why, failure.Step);
        if (!await undo.UndoMemberAsync(item, own.Suffix, course))
            return false;
        await run.Recorder.RecordAsync(
            new MemberSetAside
            {
                Step = step,
                Member = member.Key,
                Why = failure.Why,
            }
        );
        return true;
    }

    // What nobody can tell must not be undone behind a person's back.
    private static bool MayBeSetAside(Stop failure) => failure.Cause is HaltCause.StepFailed or HaltCause.CheckFailed;

    // Members of one batch may fail at the same time: each place is taken once.
    private bool Take(string step, string member, int tolerated) =>
        run.Recorder.Read(reading =>
            reading.Find(step)!.SetAside.Keys.Union(leaving).Count() < tolerated && leaving.Add(member)
        );
}
