using System.Collections.Immutable;
using Belay.Domain.Boundaries;
using Belay.Domain.Json;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace Belay.Cli.Screens;

/// <summary>The plan as a tree with the state of each step: what a terminal shows while a run lasts. Pure.</summary>
internal sealed class TreeLines
{
    private const string Boundary = "──── boundary: nothing before this can be taken back without loss ────";

    private readonly ImmutableArray<BoundaryLine> boundary;
    private readonly DateTimeOffset now;
    private readonly List<(ScreenLine Line, bool Active)> lines = [];

    private TreeLines(ImmutableArray<BoundaryLine> boundary, DateTimeOffset now) =>
        (this.boundary, this.now) = (boundary, now);

    /// <param name="reading">The run.</param>
    /// <param name="boundary">The boundary of its plan.</param>
    /// <param name="now">The moment now.</param>
    /// <param name="height">How many lines there is room for; what is under way is kept in sight.</param>
    public static IReadOnlyList<ScreenLine> Of(
        RunReading reading,
        ImmutableArray<BoundaryLine> boundary,
        DateTimeOffset now,
        int height
    )
    {
        var tree = new TreeLines(boundary, now);
        foreach (var node in RunTree.Of(reading))
            tree.Add(node, depth: 0);
        return tree.Window(height);
    }

    private IReadOnlyList<ScreenLine> Window(int height)
    {
        if (lines.Count <= height)
            return [.. lines.Select(line => line.Line)];
        var active = lines.FindLastIndex(line => line.Active);
        var first = Math.Clamp(active - (height / 2), 0, lines.Count - height);
        return [.. lines.Skip(first).Take(height).Select(line => line.Line)];
    }

    private void Add(RunNode node, int depth)
    {
        if (boundary.Any(line => line.IsBoundary && line.Step == node.Item?.Id))
            lines.Add((ScreenLine.Of(Indent(depth) + Boundary, Tone.Warning), false));
        lines.Add((Line(node, depth), node.State is not (StepState.Done or StepState.Waiting or StepState.Undone)));
        // What is all done, or not begun, is one line: the eye should find what is under way.
        if (node.State is StepState.Done or StepState.Waiting or StepState.Undone)
            return;
        foreach (var child in node.Children)
            Add(child, depth + 1);
    }

    private ScreenLine Line(RunNode node, int depth)
    {
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        pieces.Add(new($"{Indent(depth)}{Sign(node.State)} ", ToneOf(node.State)));
        pieces.Add(new(node.Item?.Id ?? node.Title, node.State == StepState.Waiting ? Tone.Faint : Tone.Plain));
        if (node.Item is { } named && node.Title != named.Id)
            pieces.Add(new($"  {node.Title}", Tone.Faint));
        if (node.SetAside is { } aside)
        {
            pieces.Add(new($"  set aside: {aside}", Tone.Warning));
        }
        else if (node is { Children.IsEmpty: true, Item: { } item, Reading: { } step })
        {
            var tone = node.State is StepState.Failed or StepState.InDoubt ? Tone.Bad : Tone.Faint;
            pieces.Add(new($"  {Detail(item, step)}", tone));
        }
        return new(pieces.ToImmutable());
    }

    private string Detail(Item item, StepReading step)
    {
        var took = Duration.Rounded((step.EndedAt ?? now) - step.StartedAt);
        return step.State switch
        {
            StepState.Done when step.AlreadyDone => "was done already",
            StepState.Done or StepState.Undone => took,
            StepState.Running when item is SoakItem { Time: { } time } => Bar(
                step.SoakedTime / time,
                $"{Duration.Rounded(time - step.SoakedTime)} left"
            ),
            StepState.Running when item is SoakItem { Samples: { } samples } => Bar(
                (double)step.SoakedSamples / samples,
                $"{step.SoakedSamples} of {samples} samples"
            ),
            StepState.Running when item is ApproveItem approve => $"waits for {approve.By}: belay approve {step.Id}",
            StepState.Running when item is ConfirmItem => $"waits for a person: belay confirm {step.Id}",
            StepState.Running
            or StepState.Undoing when step.Progress is { Done: { } done, Total: { } total and > 0 } p => Bar(
                (double)done / total,
                Rate(done, total, p.Unit, now - step.StartedAt)
            ),
            StepState.Running or StepState.Undoing => string.Join(
                "  ",
                new[] { took, step.Progress?.Message, step.Why }.OfType<string>()
            ),
            _ => step.Why ?? took,
        };
    }

    private static string Rate(long done, long total, string? unit, TimeSpan elapsed)
    {
        var amounts = $"{Words.Amount(done, unit)} of {Words.Amount(total, unit)}";
        if (elapsed < TimeSpan.FromSeconds(1) || done <= 0)
            return amounts;
        var rate = done / elapsed.TotalSeconds;
        return $"{amounts}, {Words.Amount(rate, unit)}/s, {Duration.Rounded(TimeSpan.FromSeconds((total - done) / rate))} left";
    }

    private static string Bar(double part, string words)
    {
        const int Width = 20;
        var full = (int)(Math.Clamp(part, 0, 1) * Width);
        return $"{new string('█', full)}{new string('░', Width - full)} {words}";
    }

    private static string Indent(int depth) => new(' ', depth * 2);

    private static string Sign(StepState state) =>
        state switch
        {
            StepState.Waiting => "·",
            StepState.Running => "▶",
            StepState.Done => "✓",
            StepState.Failed or StepState.UndoFailed => "✗",
            StepState.InDoubt => "?",
            StepState.Undoing => "◀",
            StepState.Undone => "↩",
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };

    private static Tone ToneOf(StepState state) =>
        state switch
        {
            StepState.Done => Tone.Good,
            StepState.Running => Tone.Strong,
            StepState.Failed or StepState.UndoFailed or StepState.InDoubt => Tone.Bad,
            StepState.Undoing or StepState.Undone => Tone.Warning,
            _ => Tone.Faint,
        };
}
