using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A change that cannot be taken back needs a gate directly before it: an approval, or a check and a soak.</summary>
/// <remarks>Several such changes that follow each other share the gate before the first. A confirmation between gate and change does not end the gate, any other change does.</remarks>
internal sealed class NeverUnguarded
{
    public const string Code = "never-unguarded";

    private readonly Outline outline;
    private readonly List<Finding> findings = [];

    private NeverUnguarded(Outline outline) => this.outline = outline;

    public static IEnumerable<Finding> Check(Outline outline)
    {
        var rule = new NeverUnguarded(outline);
        rule.Sequence(outline.Plan.Steps, Gate.None);
        return rule.findings;
    }

    private Gate Sequence(ImmutableArray<Item> items, Gate gate) => items.Aggregate(gate, One);

    private Gate One(Gate gate, Item item) =>
        item switch
        {
            ApproveItem => gate with { Approved = true },
            CheckItem => gate with { Checked = true },
            SoakItem => gate with { Soaked = true },
            DoItem change => Change(gate, change),
            ParallelItem parallel => Parallel(gate, parallel),
            // What brings the condition about is part of how the change is done, not something between it and its gate.
            DuringItem during => Sequence(
                during.Steps,
                IsNever(during.Condition) ? Change(gate, during.Condition) : gate
            ),
            _ => Sequence(item.Children, gate),
        };

    private Gate Parallel(Gate gate, ParallelItem parallel)
    {
        var ends = parallel.Steps.Select(item => One(gate, item)).ToArray();
        return ends.Any(end => end.Changes > gate.Changes)
            ? Gate.None with
            {
                Changes = ends.Max(end => end.Changes),
            }
            : ends.Aggregate(gate, Gate.Both);
    }

    private bool IsNever(DoItem change) => outline.Find(change.Id) is { Reversal: Reversal.Never };

    private Gate Change(Gate gate, DoItem change)
    {
        if (!IsNever(change))
            return Gate.None with { Changes = gate.Changes + 1 };
        if (!gate.IsClosed)
            findings.Add(
                new Finding
                {
                    Code = Code,
                    Step = change.Id,
                    Message = $"'{change.Id}' cannot be taken back, and nothing guards it",
                    Hint = "put an approval, or a check and a soak, directly before it",
                }
            );
        return gate;
    }

    /// <summary>What has been asked since the last change that can be taken back.</summary>
    private sealed record Gate(bool Approved, bool Checked, bool Soaked, int Changes)
    {
        public static Gate None { get; } = new(Approved: false, Checked: false, Soaked: false, Changes: 0);

        public bool IsClosed => Approved || (Checked && Soaked);

        public static Gate Both(Gate a, Gate b) =>
            a with
            {
                Approved = a.Approved || b.Approved,
                Checked = a.Checked || b.Checked,
                Soaked = a.Soaked || b.Soaked,
            };
    }
}
