using System.Collections.Immutable;
using Belay.Views.Reports;

namespace Belay.Views.Timelines;

/// <summary>Where a time lies on a picture, 0 at the left edge and 100 at the right. Long times in which nothing was at work are drawn short.</summary>
public sealed class TimeAxis
{
    /// <summary>A rest shorter than this share of the working time is drawn as long as it was.</summary>
    private const double LongRest = 0.15;

    /// <summary>How wide a long rest is drawn, as a share of the working time.</summary>
    private const double DrawnRest = 0.05;

    /// <summary>A stretch of time drawn at least this wide has marks between its ends.</summary>
    private const double WidePiece = 50;

    private static readonly ImmutableArray<double> Ends = [0, 1];

    private static readonly ImmutableArray<double> Quarters = [0, 0.25, 0.5, 0.75, 1];

    private readonly ImmutableArray<Piece> pieces;

    private TimeAxis(ImmutableArray<Piece> pieces) => this.pieces = pieces;

    /// <summary>The long rests, from left to right.</summary>
    public IEnumerable<AxisBreak> Breaks =>
        pieces.Where(piece => piece.IsRest).Select(piece => new AxisBreak(piece.X, piece.Width, piece.To - piece.From));

    /// <summary>Some times with their places, from left to right; none lies in a long rest.</summary>
    public ImmutableArray<(DateTimeOffset At, double X)> Marks =>
        [
            .. pieces
                .Where(piece => !piece.IsRest)
                .SelectMany(piece => piece.Width < WidePiece ? Ends : Quarters, (piece, share) => piece.At(share)),
        ];

    /// <summary>The place of a time; times outside lie on the edges.</summary>
    public double X(DateTimeOffset at)
    {
        foreach (var piece in pieces)
        {
            if (at <= piece.To)
                return piece.Place(at);
        }
        return 100;
    }

    internal static TimeAxis Of(RunRecord run) =>
        Of(
            run.Reading.StartedAt,
            run.Reading.LastAt,
            run.Leaves().SelectMany(node => run.SpansOf(node)).Where(span => span.Kind != SpanKind.Wait)
        );

    internal static TimeAxis Of(DateTimeOffset start, DateTimeOffset end, IEnumerable<Span> work)
    {
        var busy = Merge(work).ToImmutableArray();
        var worked = busy.Aggregate(TimeSpan.Zero, (sum, part) => sum + (part.To - part.From));
        var bounds = ImmutableArray.CreateBuilder<(DateTimeOffset From, DateTimeOffset To, bool IsRest)>();
        var (begun, at) = (start, start);
        foreach (var (from, to) in busy.Append((end, end)))
        {
            if (worked > TimeSpan.Zero && from - at > LongRest * worked)
            {
                bounds.Add((begun, at, false));
                bounds.Add((at, from, true));
                begun = from;
            }
            at = to > at ? to : at;
        }
        bounds.Add((begun, at, false));
        return new TimeAxis(Lay(bounds, worked));
    }

    private static ImmutableArray<Piece> Lay(
        IReadOnlyList<(DateTimeOffset From, DateTimeOffset To, bool IsRest)> bounds,
        TimeSpan worked
    )
    {
        var weights = bounds
            .Select(part => part.IsRest ? DrawnRest * worked.TotalSeconds : (part.To - part.From).TotalSeconds)
            .ToArray();
        var total = weights.Sum();
        var laid = ImmutableArray.CreateBuilder<Piece>();
        var x = 0.0;
        foreach (var (part, weight) in bounds.Zip(weights))
        {
            var width = total > 0 ? 100 * weight / total : 100.0 / weights.Length;
            if (width > 0)
                laid.Add(new Piece(part.From, part.To, x, width, part.IsRest));
            x += width;
        }
        return laid.ToImmutable();
    }

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Merge(IEnumerable<Span> work)
    {
        (DateTimeOffset From, DateTimeOffset To)? open = null;
        foreach (var span in work.OrderBy(span => span.From))
        {
            if (open is { } now && span.From <= now.To)
            {
                open = (now.From, span.To > now.To ? span.To : now.To);
                continue;
            }
            if (open is { } closed)
                yield return closed;
            open = (span.From, span.To);
        }
        if (open is { } last)
            yield return last;
    }

    private sealed record Piece(DateTimeOffset From, DateTimeOffset To, double X, double Width, bool IsRest)
    {
        public (DateTimeOffset At, double X) At(double share) => (From + (share * (To - From)), X + (share * Width));

        public double Place(DateTimeOffset at)
        {
            var length = To - From;
            return at <= From || length <= TimeSpan.Zero ? X : X + (Width * ((at - From) / length));
        }
    }
}

/// <summary>A long time in which nothing was at work.</summary>
/// <param name="X">Its left edge.</param>
/// <param name="Width">How wide it is drawn.</param>
/// <param name="Length">How long it was.</param>
public sealed record AxisBreak(double X, double Width, TimeSpan Length);
