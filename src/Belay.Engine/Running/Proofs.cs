using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Engine.Running;

/// <summary>Proofs grow old: what a change builds on is judged again directly before it begins.</summary>
internal sealed class Proofs(RunContext run)
{
    /// <summary>How old a backup may be when a change that relies on it begins, where the plan says nothing else.</summary>
    public static readonly TimeSpan GreatestAge = TimeSpan.FromHours(24);

    /// <returns>True when all that the change builds on still holds; false when the course stopped.</returns>
    public async Task<bool> StandAsync(DoItem item, string step, JsonElement inputs, Course course)
    {
        if (WhyBackupIsTooOld(item, course) is { } why)
            return course.Fail(HaltCause.Drifted, why, step);
        var destroyed = TouchesOf(item.Operation, inputs)
            .Where(touch => touch.Kind == TouchKind.Destroy)
            .Select(touch => touch.Resource)
            .ToHashSet(StringComparer.Ordinal);
        if (destroyed.Count == 0)
            return true;
        foreach (var check in ProofsOfDisuse(item, destroyed, course))
        {
            if (!await HoldsAsync(check, step, course))
                return false;
        }
        return true;
    }

    private string? WhyBackupIsTooOld(DoItem item, Course course)
    {
        if (item.Restore is not { } backup || run.Find(backup, course.Suffixes) is not { } made)
            return null;
        var (age, most) = (run.Clock.GetUtcNow() - made.StartedAt, item.BackupAge ?? GreatestAge);
        return age <= most
            ? null
            : $"the backup '{backup}' is {Duration.Rounded(age)} old, more than {Duration.Format(most)}: what was written since would be lost; take a new one in a run of its own, or allow the age with backup-age and resume";
    }

    /// <summary>The checks that proved that nobody uses what is destroyed: those of its own resources, and those that guard it directly.</summary>
    private List<CheckItem> ProofsOfDisuse(DoItem item, HashSet<string> destroyed, Course course)
    {
        var before = run.Plan.AllItems().TakeWhile(known => known.Id != item.Id).ToArray();
        var members = new Members(before.SelectMany(known => Touches(known, course)));
        var proofs = new List<CheckItem>();
        var ended = new HashSet<string>(StringComparer.Ordinal);
        var guards = true;
        foreach (var known in before.Reverse())
        {
            if (known is DoItem change)
            {
                var gone = Destroyed(change, course).Select(members.Of).ToArray();
                guards &= gone.Length > 0;
                ended.UnionWith(gone);
            }
            // What the run itself has ended since cannot be asked any more.
            if (
                known is CheckItem check
                && Disused(check, course) is [_, ..] idle
                && !idle.All(resource => ended.Contains(members.Of(resource)))
                && (guards || idle.Any(destroyed.Contains))
                && run.Find(check.Id, course.Suffixes) is not null
            )
                proofs.Add(check);
        }
        return proofs;
    }

    private string[] Disused(CheckItem check, Course course) =>
        [.. Touches(check, course).Where(touch => touch.Proves == Proof.Idle).Select(touch => touch.Resource)];

    private IEnumerable<string> Destroyed(DoItem change, Course course) =>
        Touches(change, course).Where(touch => touch.Kind == TouchKind.Destroy).Select(touch => touch.Resource);

    private ImmutableArray<Touch> Touches(Item item, Course course) =>
        item switch
        {
            DoItem change => Touches(change.Operation, change.With, course),
            CheckItem check => Touches(check.Operation, check.With, course),
            _ => [],
        };

    private ImmutableArray<Touch> Touches(string operation, JsonElement with, Course course)
    {
        try
        {
            return TouchesOf(operation, InputResolver.Resolve(with, run, course));
        }
        catch (OperationException)
        {
            // A step of another loop: its members' checks are not about this one.
            return [];
        }
    }

    private ImmutableArray<Touch> TouchesOf(string operation, JsonElement inputs)
    {
        try
        {
            return run.Catalog.Find(operation)?.TouchesOf(inputs) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private async Task<bool> HoldsAsync(CheckItem item, string step, Course course)
    {
        var proof = run.Find(item.Id, course.Suffixes)!.Id;
        var definition = (CheckDefinition)run.Catalog.Find(item.Operation)!;
        await using var check = definition.Create(InputResolver.Resolve(item.With, run, course), run.ScopeOf(proof));
        var asked = await CheckRunner.AskInTimeAsync(check, run.Clock, course.Stopping);
        run.Recorder.Note(
            new Checked
            {
                Step = proof,
                Answer = asked.Answer,
                Why = asked.Why,
                Observed = run.Sealing.Seal(asked.Observed),
            }
        );
        if (asked.Answer == Answer.Holds)
            return true;
        // The check has failed, not the change: a resume asks it again from the beginning.
        var why = $"'{proof}' held, and does not hold any more just before '{step}': {asked.Why}";
        await run.Recorder.RecordAsync(
            new StepFailed
            {
                Step = proof,
                Failure = asked.Answer == Answer.Unknown ? FailureKind.OutcomeUnknown : FailureKind.Refused,
                Why = why,
            }
        );
        return course.Fail(HaltCause.CheckFailed, why, proof);
    }
}
