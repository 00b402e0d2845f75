using System.Collections.Immutable;
using Belay.Domain.Boundaries;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Views.Timelines;

namespace Belay.Views.Reports;

/// <summary>A journal, read in the ways that the sections need: as a whole, as a tree, and step by step.</summary>
internal sealed class RunRecord
{
    private readonly Dictionary<string, List<JournalEntry>> bySteps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<Span>> spans;
    private readonly Dictionary<string, string> anchors;

    public RunRecord(IReadOnlyList<JournalEntry> entries, IReadOnlyList<BoundaryLine> boundary)
    {
        if (entries is not [{ Event: RunStarted started }, ..])
            throw new ArgumentException("the journal does not begin with the start of a run", nameof(entries));
        (Entries, Boundary, Start) = (entries, boundary, started);
        Reading = RunReading.Of(entries);
        Tree = RunTree.Of(Reading);
        foreach (var entry in entries)
        {
            if (entry.Event is StepEvent happened)
                Of(happened.Step).Add(entry);
        }
        Cuts = Cut.Find(entries);
        spans = bySteps.ToDictionary(
            step => step.Key,
            step => SpanReader.Read(step.Value, Cuts, Reading.LastAt),
            StringComparer.Ordinal
        );
        anchors = Leaves()
            .Where(node => bySteps.ContainsKey(node.Id))
            // A forged journal may have a step twice.
            .DistinctBy(node => node.Id, StringComparer.Ordinal)
            .Select((node, index) => (node.Id, Anchor: $"step-{index + 1}"))
            .ToDictionary(pair => pair.Id, pair => pair.Anchor, StringComparer.Ordinal);
    }

    public IReadOnlyList<JournalEntry> Entries { get; }

    public IReadOnlyList<BoundaryLine> Boundary { get; }

    public RunStarted Start { get; }

    public RunReading Reading { get; }

    public ImmutableArray<RunNode> Tree { get; }

    /// <summary>The times at which nothing ran any more: halts, ends, deaths of the engine.</summary>
    public ImmutableArray<Cut> Cuts { get; }

    public Plan Plan => Reading.Plan!;

    /// <summary>Every node of the tree, each before its children.</summary>
    public IEnumerable<(RunNode Node, int Depth)> AllNodes() => Tree.SelectMany(node => node.All());

    /// <summary>The nodes that are steps of their own, not groups.</summary>
    public IEnumerable<RunNode> Leaves() =>
        AllNodes().Where(entry => entry.Node.Children.IsEmpty).Select(entry => entry.Node);

    /// <summary>What is journaled of a step, in order.</summary>
    public IReadOnlyList<JournalEntry> EventsOf(string step) => bySteps.GetValueOrDefault(step) ?? [];

    /// <summary>When a step was at work.</summary>
    public ImmutableArray<Span> SpansOf(string step) => spans.GetValueOrDefault(step, []);

    /// <summary>When anything of a node was at work, in order.</summary>
    public ImmutableArray<Span> SpansOf(RunNode node) =>
        node.Children.IsEmpty
            ? SpansOf(node.Id)
            :
            [
                .. node.All()
                    .Where(below => below.Node.Children.IsEmpty)
                    .SelectMany(below => SpansOf(below.Node.Id))
                    .OrderBy(span => span.From),
            ];

    /// <summary>How long a step was at work, without the time of halts and of taking it back; for a group from its first beginning to its last end.</summary>
    public TimeSpan TookOf(RunNode node)
    {
        var all = SpansOf(node);
        if (all.IsEmpty)
            return TimeSpan.Zero;
        return node.Children.IsEmpty
            ? all.Where(span => span.Kind != SpanKind.Undo).Aggregate(TimeSpan.Zero, (sum, span) => sum + span.Length)
            : all.Max(span => span.To) - all[0].From;
    }

    /// <summary>The place in the report that tells more of a step; null for a group, and when the journal says nothing of it.</summary>
    public string? AnchorOf(string step) => anchors.GetValueOrDefault(step);

    /// <summary>A cell that names a step and leads to it.</summary>
    public Cell Step(string? step) => step is null ? "" : new Cell(step) { Target = AnchorOf(step) };

    private List<JournalEntry> Of(string step)
    {
        if (!bySteps.TryGetValue(step, out var list))
            bySteps.Add(step, list = []);
        return list;
    }
}
