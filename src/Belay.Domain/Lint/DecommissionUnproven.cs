using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>What is destroyed for good must have been proven idle, and soaked, directly before: proofs grow old.</summary>
/// <remarks>"Directly" is as for <see cref="NeverUnguarded"/>: no other change between. What the plan itself made and never routed to needs no proof. Files are not judged.</remarks>
internal sealed class DecommissionUnproven
{
    public const string Code = "decommission-unproven";

    private readonly Outline outline;
    private readonly List<Finding> findings = [];

    private DecommissionUnproven(Outline outline) => this.outline = outline;

    public static IEnumerable<Finding> Check(Outline outline)
    {
        var rule = new DecommissionUnproven(outline);
        rule.Sequence(outline.Roots, Proofs.None);
        return rule.findings;
    }

    private Proofs Sequence(IEnumerable<Entry> entries, Proofs proofs) => entries.Aggregate(proofs, One);

    private Proofs One(Proofs proofs, Entry entry) =>
        entry.Item switch
        {
            SoakItem => proofs with { Soaked = true },
            CheckItem => proofs with
            {
                Idle = proofs.Idle.Union(
                    entry.Touches.Where(t => t.Proves == Proof.Idle).Select(t => outline.Members.Of(t.Resource))
                ),
            },
            DoItem => Change(proofs, entry),
            ParallelItem => Parallel(proofs, entry),
            _ => Sequence(entry.Children, proofs),
        };

    private Proofs Parallel(Proofs proofs, Entry entry)
    {
        var ends = entry.Children.Select(child => One(proofs, child)).ToArray();
        return ends.Any(end => end.Changes > proofs.Changes)
            ? Proofs.None with
            {
                Changes = ends.Max(end => end.Changes),
            }
            : ends.Aggregate(proofs, (a, b) => a with { Soaked = a.Soaked || b.Soaked, Idle = a.Idle.Union(b.Idle) });
    }

    private Proofs Change(Proofs proofs, Entry change)
    {
        if (change.Reversal == Reversal.Exact || !change.Touches.Any(IsDecommission))
            return Proofs.None with { Changes = proofs.Changes + 1 };
        foreach (var touch in change.Touches.Where(IsDecommission))
        {
            if (Missing(proofs, outline.Members.Of(touch.Resource)) is { } missing)
                findings.Add(
                    new Finding
                    {
                        Code = Code,
                        Step = change.Id,
                        Message = $"'{change.Name}' ends {touch.Resource} for good, and {missing} directly before it",
                        Hint = "put a check that nobody uses it, and a soak, directly before it",
                    }
                );
        }
        return proofs;
    }

    private bool IsDecommission(Touch touch) =>
        touch.Kind == TouchKind.Destroy
        && Members.IsMember(touch.Resource)
        && (
            outline.Members.CreatedBy(outline.Members.Of(touch.Resource)) is null
            || outline.Members.RoutedBy(outline.Members.Of(touch.Resource)) is not null
        );

    private static string? Missing(Proofs proofs, string member) =>
        (proofs.Idle.Contains(member), proofs.Soaked) switch
        {
            (true, true) => null,
            (true, false) => "nothing soaks",
            (false, true) => "no check proves that nobody uses it",
            _ => "no check proves that nobody uses it, and nothing soaks",
        };

    /// <summary>What was proven since the last change.</summary>
    private sealed record Proofs(ImmutableHashSet<string> Idle, bool Soaked, int Changes)
    {
        public static Proofs None { get; } =
            new(ImmutableHashSet.Create<string>(StringComparer.Ordinal), Soaked: false, Changes: 0);
    }
}
