using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Json;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint.PolicyRules;

/// <summary>Soaks are as long as the environment demands: directly before what cannot be taken back, and in each phase that changes something.</summary>
internal sealed class PolicySoak
{
    public const string Code = "policy-soak";

    private readonly Outline outline;
    private readonly TimeSpan least;
    private readonly List<Finding> findings = [];

    private PolicySoak(Outline outline, TimeSpan least) => (this.outline, this.least) = (outline, least);

    public static IEnumerable<Finding> Check(Outline outline, Policies policies)
    {
        var rule = new PolicySoak(outline, policies.SoakBeforeNever);
        if (policies.SoakBeforeNever > TimeSpan.Zero)
            rule.Sequence(outline.Roots, TimeSpan.Zero);
        return policies.SoakEachPhase > TimeSpan.Zero
            ? [.. rule.findings, .. Phases(outline, policies.SoakEachPhase)]
            : rule.findings;
    }

    /// <returns>What was soaked since the last change that can be taken back.</returns>
    private TimeSpan Sequence(IEnumerable<Entry> entries, TimeSpan soaked) => entries.Aggregate(soaked, One);

    private TimeSpan One(TimeSpan soaked, Entry entry)
    {
        switch (entry.Item)
        {
            case SoakItem soak:
                return soaked + TimeOf(soak, outline.Plan);
            case DoItem when entry.Reversal != Reversal.Never:
                return TimeSpan.Zero;
            case DoItem:
                if (soaked < least)
                    findings.Add(
                        Of(
                            entry.Id,
                            $"'{entry.Name}' cannot be taken back; the environment demands a soak of {Duration.Format(least)} directly before it, and there is {Length(soaked)}"
                        )
                    );
                return soaked;
            case ParallelItem:
                return entry.Children.Select(child => One(soaked, child)).DefaultIfEmpty(soaked).Min();
            default:
                return Sequence(entry.Children, soaked);
        }
    }

    private static IEnumerable<Finding> Phases(Outline outline, TimeSpan least) =>
        from entry in outline.Entries
        where entry.Item is PhaseItem && entry.Parent?.Item is null or ParallelItem
        let inside = Walk(entry.Item).ToArray()
        where inside.Any(item => item is DoItem)
        let soaked = inside.OfType<SoakItem>().Aggregate(TimeSpan.Zero, (sum, soak) => sum + TimeOf(soak, outline.Plan))
        where soaked < least
        select Of(
            entry.Id,
            $"the phase '{entry.Id}' changes something; the environment demands that it soaks {Duration.Format(least)}, and it soaks {Length(soaked)}"
        );

    private static IEnumerable<Item> Walk(Item item) =>
        (item is DuringItem during ? item.Children.Insert(0, during.Condition) : item.Children)
            .SelectMany(Walk)
            .Prepend(item);

    private static string Length(TimeSpan soaked) => soaked == TimeSpan.Zero ? "none" : Duration.Format(soaked);

    /// <summary>Samples take at least as long as the watch takes to make them.</summary>
    private static TimeSpan TimeOf(SoakItem soak, Plan plan) =>
        soak.Time
        ?? plan.Watches.Where(watch => soak.Watch is null || watch.Name == soak.Watch)
            .Select(watch => watch.Every * (soak.Samples ?? 0))
            .DefaultIfEmpty(TimeSpan.Zero)
            .Max();

    private static Finding Of(string step, string message) =>
        new()
        {
            Code = Code,
            Step = step,
            Message = message,
            Hint = "let it soak longer",
        };
}
