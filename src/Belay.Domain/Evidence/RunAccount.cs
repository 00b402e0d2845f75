using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Domain.Evidence;

/// <summary>What a journal says for evidence: a fold over its events.</summary>
public sealed class RunAccount
{
    private readonly List<ulong> starts = [];
    private readonly Dictionary<string, string> shown = new(StringComparer.Ordinal);
    private readonly List<string> badCovers = [];
    private int resumes;
    private int halts;

    /// <summary>What the journal says of the run.</summary>
    public RunReading Reading { get; } = new();

    /// <summary>The words of people.</summary>
    public FactLog Words { get; } = new();

    /// <summary>The first 16 hexadecimal digits of each event's hash, as a number: <see cref="AttestedChain"/>.</summary>
    public IReadOnlyList<ulong> HashStarts => starts;

    /// <summary>What is wrong with what approvals cover: a line each.</summary>
    public IReadOnlyList<string> BadCovers => badCovers;

    /// <summary>Takes in the next event, whose place in the chain was proven.</summary>
    public void Apply(JournalEntry entry)
    {
        Reading.Apply(entry);
        Words.Apply(entry);
        CheckCovers(entry);
        starts.Add(AttestedChain.StartOf(entry.Hash));
        resumes += entry.Event is RunResumed ? 1 : 0;
        halts += entry.Event is RunHalted ? 1 : 0;
    }

    // An approval is worth what was shown with it.
    private void CheckCovers(JournalEntry entry)
    {
        if (entry.Event is ApprovalRequested asked)
        {
            shown[asked.Step] = asked.Covers;
            if (asked.Foreseen is { } foreseen && ApprovalCover.Hash(Reading.PlanHash, foreseen) != asked.Covers)
                badCovers.Add(
                    $"event {entry.Sequence}: what was shown for the approval '{asked.Step}' is not what it covers"
                );
        }
        else if (entry.Event is Approved approved && shown.GetValueOrDefault(approved.Step) != approved.Covers)
        {
            badCovers.Add(
                $"event {entry.Sequence}: {approved.By} approved '{approved.Step}' as something else than what was shown"
            );
        }
    }

    /// <summary>The statement about the run.</summary>
    /// <param name="journalSha256">SHA-256, lower-case hex, of the journal's file up to the end of its last event.</param>
    public RunStatement State(string journalSha256) =>
        new()
        {
            Type = RunStatement.StatementType,
            Subject =
            [
                new(RunStatement.JournalSubject, new(journalSha256)),
                new(RunStatement.PlanSubject, new(Reading.PlanHash)),
            ],
            PredicateType = RunStatement.UpgradeRun,
            Predicate = Predicate(),
        };

    private RunPredicate Predicate()
    {
        var (start, plan) = (Reading.Start!, Reading.Plan!);
        return new RunPredicate
        {
            Run = Reading.Run,
            Upgrade = plan.Upgrade,
            From = plan.From,
            To = plan.To,
            Environment = new AttestedEnvironment { Name = plan.Environment, Identity = Words.Place!.Identity },
            PlanSha256 = Reading.PlanHash,
            StartedBy = start.By,
            Host = start.Host,
            Version = start.Version,
            StartedOn = Reading.StartedAt,
            EndedOn = Reading.Status.IsClosed() ? Reading.StoppedAt : null,
            Outcome = Reading.Status,
            Why = Reading.Halt?.Why ?? Reading.Failure?.Why,
            Journal = AttestedChain.Of(starts, Reading.Hash),
            Steps = [.. Reading.Steps.Values.OrderBy(step => step.Order).Select(StepOf)],
            Words = [.. Words.Facts.Select(WordOf)],
            Numbers = Numbers(),
        };
    }

    private static AttestedStep StepOf(StepReading step) =>
        new()
        {
            Id = step.Id,
            Operation = step.Intent?.Operation,
            Reversal = step.Intent?.Reversal,
            Result = step.State,
            StartedOn = step.StartedAt,
            EndedOn = step.EndedAt,
            Attempts = step.Intent is null ? null : step.Attempts,
            Why = step.Why,
        };

    private static AttestedWord WordOf(KnownFact known)
    {
        var (step, text) = known.Fact switch
        {
            PersonalFact.Approval e => (e.Step, e.Note),
            PersonalFact.Confirmation e => (e.Step, e.Note),
            PersonalFact.Resolution e => (e.Step, $"{(e.Happened ? "happened" : "did not happen")}: {e.Reason}"),
            PersonalFact.LossAcceptance e => (null, string.Join(", ", e.Steps)),
            PersonalFact.Abandonment e => ((string?)null, e.Reason),
            PersonalFact.RiskAcceptance e => (e.Step, $"{e.Code} until {e.Until:yyyy-MM-dd}: {e.Reason}"),
            _ => throw new InvalidOperationException("a fact of no known kind"),
        };
        return new AttestedWord
        {
            Kind = known.Fact.Kind,
            Step = step,
            By = known.Fact.By,
            On = known.Fact.On,
            Covers = (known.Fact as PersonalFact.Approval)?.Covers,
            Text = text,
            SignedWith = known.Signature?.Key,
            Sequence = known.Sequence,
        };
    }

    private AttestedNumbers Numbers()
    {
        var changes = Reading.Steps.Values.Where(step => step.Intent is not null).ToImmutableArray();
        return new AttestedNumbers
        {
            Changes = changes.Length,
            Undone = changes.Count(step => step.State == StepState.Undone),
            Resumes = resumes,
            Halts = halts,
            WatchSamples = Reading.Watches.Values.Sum(watch => (long)watch.Count),
            WatchFailures = Reading.Watches.Values.Sum(watch => (long)watch.Failed),
        };
    }
}
