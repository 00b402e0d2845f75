using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Lint;
using Belay.Domain.Plans;

namespace Belay.Domain.Evidence;

/// <summary>The words of people in a journal, each with the place that its signature is bound to: a fold over the events.</summary>
public sealed class FactLog
{
    private readonly List<KnownFact> facts = [];
    private Plan? plan;

    /// <summary>Where a word would stand that is said now; null before the first event.</summary>
    public FactPlace? Place { get; private set; }

    /// <summary>The words so far, in the order of the journal.</summary>
    public IReadOnlyList<KnownFact> Facts => facts;

    /// <summary>Folds some events: a whole journal, or the milestones of its reading.</summary>
    public static FactLog Of(IEnumerable<JournalEntry> entries)
    {
        var log = new FactLog();
        foreach (var entry in entries)
            log.Apply(entry);
        return log;
    }

    /// <summary>Takes in the next event.</summary>
    public void Apply(JournalEntry entry)
    {
        switch (entry.Event)
        {
            case RunStarted started:
                plan = started.Plan;
                Place = new FactPlace
                {
                    Run = started.Run,
                    Environment = started.Plan.Environment,
                    Identity = started.Identity?.Hash(),
                    PlanHash = started.PlanHash,
                };
                AddRisks(entry, started.Accepted);
                break;
            case RunResumed resumed:
                plan = resumed.Plan ?? plan;
                Place = Place! with
                {
                    Identity = resumed.Identity?.Hash() ?? Place.Identity,
                    PlanHash = resumed.PlanHash ?? Place.PlanHash,
                };
                AddRisks(entry, resumed.Accepted);
                break;
            default:
                var signature = PersonalFact.SignatureOf(entry.Event);
                if (PersonalFact.Of(entry.Event, Place!, signature?.On ?? entry.At) is { } fact)
                    facts.Add(new KnownFact(entry.Sequence, entry.Event, fact, signature));
                break;
        }
    }

    private void AddRisks(JournalEntry entry, ImmutableArray<AcceptedRisk>? accepted)
    {
        if (accepted is not { IsDefaultOrEmpty: false } risks)
            return;
        var place = FactPlace.Before(plan!);
        foreach (var risk in risks)
        {
            var fact = new PersonalFact.RiskAcceptance
            {
                Place = place,
                By = risk.By,
                On = risk.Signature?.On ?? entry.At,
                Code = risk.Code,
                Step = risk.Step,
                Reason = risk.Reason,
                Until = risk.Until,
            };
            facts.Add(new KnownFact(entry.Sequence, entry.Event, fact, risk.Signature));
        }
    }
}

/// <summary>A person's word in a journal.</summary>
/// <param name="Sequence">Where it stands.</param>
/// <param name="Event">As it was journaled.</param>
/// <param name="Fact">What its signature is made over.</param>
/// <param name="Signature">The signature; null: it has none.</param>
public sealed record KnownFact(long Sequence, JournalEvent Event, PersonalFact Fact, FactSignature? Signature);
