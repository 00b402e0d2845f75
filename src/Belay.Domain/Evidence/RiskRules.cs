using System.Collections.Immutable;
using Belay.Domain.Lint;
using Belay.Domain.Plans;

namespace Belay.Domain.Evidence;

/// <summary>Which of the acceptances in an environment's file count, as far as their signatures go. Pure.</summary>
public static class RiskRules
{
    /// <summary>What a person signs who accepts a finding of a plan.</summary>
    /// <param name="entry">Their word.</param>
    /// <param name="place">The plan: <see cref="FactPlace.Before"/>.</param>
    /// <param name="on">When they sign, UTC.</param>
    public static PersonalFact FactOf(Acceptance entry, FactPlace place, DateTimeOffset on) =>
        new PersonalFact.RiskAcceptance
        {
            Place = place,
            By = entry.By,
            On = on,
            Code = entry.Code,
            Step = entry.Step,
            Reason = entry.Reason,
            Until = entry.Until,
        };

    /// <summary>The acceptances that do not count for a plan, and why.</summary>
    public static ImmutableArray<(Acceptance Entry, string Why)> Uncounted(
        ImmutableArray<Acceptance> entries,
        Plan plan,
        Signers signers
    )
    {
        if (entries.IsEmpty)
            return [];
        var place = FactPlace.Before(plan);
        return
        [
            .. entries
                .Select(entry =>
                    (
                        Entry: entry,
                        Why: FactRules.WhyNot(
                            FactOf(entry, place, entry.Signature?.On ?? default),
                            entry.Signature,
                            signers
                        )
                    )
                )
                .Where(judged => judged.Why is not null)
                .Select(judged => (judged.Entry, judged.Why!)),
        ];
    }
}
