using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Views.Reports;

namespace Belay.Views.Timelines;

/// <summary>What ran when, as rows of bars over one axis of time.</summary>
public sealed record Timeline
{
    /// <summary>More rows than this are no picture any more: then groups are drawn in one row, and long lists several steps to a row.</summary>
    private const int MostRows = 80;

    /// <summary>Where times lie.</summary>
    public required TimeAxis Axis { get; init; }

    /// <summary>The rows, from top to bottom.</summary>
    public required ImmutableArray<TimelineRow> Rows { get; init; }

    /// <summary>When the run stopped or its engine died, with words.</summary>
    public required ImmutableArray<(double X, string Words)> Stops { get; init; }

    internal static Timeline Of(RunRecord run)
    {
        var axis = TimeAxis.Of(run);
        return new Timeline
        {
            Axis = axis,
            Rows = [.. Shown(run).Select(shown => Row(run, axis, shown.Nodes, shown.Depth))],
            Stops =
            [
                .. run.Cuts.Select(cut =>
                    (axis.X(cut.At), cut.Stop is { } stop ? Say.Cause(stop.Cause) : "the engine died")
                ),
            ],
        };
    }

    /// <summary>The deepest level of the tree that still makes a picture.</summary>
    private static ImmutableArray<(ImmutableArray<RunNode> Nodes, int Depth)> Shown(RunRecord run)
    {
        var begun = run.AllNodes().Where(entry => !run.SpansOf(entry.Node).IsEmpty).ToImmutableArray();
        var deepest = begun.Select(entry => entry.Depth).DefaultIfEmpty(0).Max();
        var level = Enumerable
            .Range(0, deepest + 1)
            .Where(depth => begun.Count(entry => entry.Depth <= depth) <= MostRows)
            .DefaultIfEmpty(0)
            .Max();
        var rows = begun.Where(entry => entry.Depth <= level).ToImmutableArray();
        var together = (rows.Length + MostRows - 1) / MostRows;
        return
        [
            .. rows.Chunk(Math.Max(1, together))
                .Select(chunk => (ImmutableArray.CreateRange(chunk.Select(entry => entry.Node)), chunk[0].Depth)),
        ];
    }

    private static TimelineRow Row(RunRecord run, TimeAxis axis, ImmutableArray<RunNode> nodes, int depth)
    {
        var spans = nodes.SelectMany(node => run.SpansOf(node)).OrderBy(span => span.From).ToImmutableArray();
        var first = nodes[0];
        var title = nodes.Length == 1 ? first.Title : $"{first.Title} to {nodes[^1].Title}";
        var state = nodes.Length == 1 ? $", {Say.State(first).Text}" : "";
        var took = Say.Span(nodes.Length == 1 ? run.TookOf(first) : spans.Max(span => span.To) - spans[0].From);
        return new TimelineRow
        {
            Title = first.Item is ParallelItem ? $"{title} (at the same time)" : title,
            Depth = depth,
            IsGroup = nodes.Length == 1 && !first.Children.IsEmpty,
            Took = took,
            Words = $"{title}: began {Say.Clock(spans[0].From)}, took {took}{state}",
            Bars = [.. spans.Select(span => Bar(axis, span))],
        };
    }

    private static TimelineBar Bar(TimeAxis axis, Span span)
    {
        var x = axis.X(span.From);
        return new TimelineBar(x, Math.Max(0, axis.X(span.To) - x), span.Kind, span.End);
    }
}

/// <summary>One row of a time line.</summary>
public sealed record TimelineRow
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>How deep it lies in the tree.</summary>
    public required int Depth { get; init; }

    /// <summary>It is a group; its bars are those of the steps in it.</summary>
    public required bool IsGroup { get; init; }

    /// <summary>How long it took, in words.</summary>
    public required string Took { get; init; }

    /// <summary>What the bars say, in words.</summary>
    public required string Words { get; init; }

    /// <summary>The bars, from left to right.</summary>
    public required ImmutableArray<TimelineBar> Bars { get; init; }
}

/// <summary>A time of work as a bar.</summary>
/// <param name="X">Its left edge, 0 to 100.</param>
/// <param name="Width">Its width, 0 to 100.</param>
/// <param name="Kind">What the step was at.</param>
/// <param name="End">How it ended.</param>
public sealed record TimelineBar(double X, double Width, SpanKind Kind, SpanEnd End);
