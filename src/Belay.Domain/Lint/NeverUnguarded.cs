using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A change that cannot be taken back needs a gate directly before it: an approval, or a check and a soak.</summary>
/// <remarks>Several such changes that follow each other share the gate before the first. A confirmation is no gate: it says that somebody did something, not that it is good. It does not end a gate either; any other change does.</remarks>
internal sealed class NeverUnguarded
{
    public const string Code = "never-unguarded";

    private readonly List<Finding> findings = [];

    public static IEnumerable<Finding> Check(Outline outline)
    {
        var rule = new NeverUnguarded();
        rule.Sequence(outline.Roots, Gate.None);
        return rule.findings;
    }

    private Gate Sequence(IEnumerable<Entry> entries, Gate gate) => entries.Aggregate(gate, One);

    private Gate One(Gate gate, Entry entry) =>
        entry.Item switch
        {
            ApproveItem => gate with { Approved = true },
            CheckItem => gate with { Checked = true },
            SoakItem => gate with { Soaked = true },
            ConfirmItem => gate with { Confirmed = true },
            DoItem => Change(gate, entry),
            ParallelItem => Parallel(gate, entry),
            // What brings the condition about is part of how the change is done, not something between it and its gate.
            DuringItem when entry.Children[0].Reversal != Reversal.Never => Sequence(entry.Children.Skip(1), gate),
            _ => Sequence(entry.Children, gate),
        };

    private Gate Parallel(Gate gate, Entry entry)
    {
        var ends = entry.Children.Select(child => One(gate, child)).ToArray();
        return ends.Any(end => end.Changes > gate.Changes)
            ? Gate.None with
            {
                Changes = ends.Max(end => end.Changes),
            }
            : ends.Aggregate(gate, Gate.Both);
    }

    private Gate Change(Gate gate, Entry change)
    {
        if (change.Reversal != Reversal.Never)
            return Gate.None with { Changes = gate.Changes + 1 };
        if (!gate.IsClosed)
            findings.Add(
                new Finding
                {
                    Code = Code,
                    Step = change.Id,
                    Message = gate.Confirmed
                        ? $"'{change.Name}' cannot be taken back, and only a confirmation stands before it, which is no gate"
                        : $"'{change.Name}' cannot be taken back, and nothing guards it",
                    Hint = "put an approval, or a check and a soak, directly before it",
                }
            );
        return gate;
    }

    /// <summary>What has been asked since the last change that can be taken back.</summary>
    private sealed record Gate(bool Approved, bool Checked, bool Soaked, bool Confirmed, int Changes)
    {
        public static Gate None { get; } =
            new(Approved: false, Checked: false, Soaked: false, Confirmed: false, Changes: 0);

        public bool IsClosed => Approved || (Checked && Soaked);

        public static Gate Both(Gate a, Gate b) =>
            a with
            {
                Approved = a.Approved || b.Approved,
                Checked = a.Checked || b.Checked,
                Soaked = a.Soaked || b.Soaked,
                Confirmed = a.Confirmed || b.Confirmed,
            };
    }
}
