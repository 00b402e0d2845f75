using System.Collections.Immutable;
using Belay.Domain.Journal;

namespace Belay.Views.Timelines;

/// <summary>Reads from the events of one step when it was at work.</summary>
internal sealed class SpanReader
{
    private readonly ImmutableArray<Span>.Builder spans = ImmutableArray.CreateBuilder<Span>();
    private (DateTimeOffset From, SpanKind Kind)? open;

    private SpanReader() { }

    /// <param name="events">The step's events, in order.</param>
    /// <param name="cuts">When nothing ran.</param>
    /// <param name="last">The time of the journal's last event: where open work is drawn to.</param>
    public static ImmutableArray<Span> Read(
        IEnumerable<JournalEntry> events,
        ImmutableArray<Cut> cuts,
        DateTimeOffset last
    )
    {
        var reader = new SpanReader();
        var left = new Queue<Cut>(cuts);
        foreach (var entry in events)
        {
            reader.Pass(left, entry.Sequence);
            reader.Take((StepEvent)entry.Event, entry.At);
        }
        reader.Pass(left, long.MaxValue);
        reader.Close(last, SpanEnd.Open);
        return reader.spans.ToImmutable();
    }

    private void Pass(Queue<Cut> cuts, long sequence)
    {
        while (cuts.TryPeek(out var cut) && cut.Sequence < sequence)
            Close(cuts.Dequeue().At, SpanEnd.Cut);
    }

    private void Take(StepEvent happened, DateTimeOffset at)
    {
        switch (happened)
        {
            case Intent:
                Open(at, SpanKind.Change);
                break;
            case StepStarted or Checked:
                Open(at, SpanKind.Check);
                break;
            case Soaked:
                Open(at, SpanKind.Soak);
                Become(SpanKind.Soak);
                break;
            case ApprovalRequested or ConfirmationRequested:
                Open(at, SpanKind.Wait);
                break;
            case StepDone when open is null:
                spans.Add(new Span(at, at, SpanKind.Change, SpanEnd.Good));
                break;
            case StepDone:
                Close(at, SpanEnd.Good);
                break;
            case StepFailed or StepInDoubt or UndoFailed:
                Close(at, SpanEnd.Bad);
                break;
            case UndoIntent or RestoreIntent:
                Close(at, SpanEnd.Cut);
                Open(at, SpanKind.Undo);
                break;
            case StepUndone or StoreRestored:
                Close(at, SpanEnd.Good);
                break;
        }
    }

    private void Open(DateTimeOffset at, SpanKind kind) => open ??= (at, kind);

    // A soak begins like a check; only its first count tells which it is.
    private void Become(SpanKind kind) => open = open is { } now ? (now.From, kind) : null;

    private void Close(DateTimeOffset at, SpanEnd end)
    {
        if (open is { } work)
            spans.Add(new Span(work.From, at, work.Kind, end));
        open = null;
    }
}
