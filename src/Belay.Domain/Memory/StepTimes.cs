using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Journal;
using Belay.Domain.Plans;

namespace Belay.Domain.Memory;

/// <summary>How long a step of an earlier run took.</summary>
/// <param name="Step">The step's id in the plan, without the members of loops.</param>
/// <param name="Operation">Its operation.</param>
/// <param name="Direction">Whether it was carried out or taken back.</param>
/// <param name="Took">How long.</param>
/// <param name="Size">How much work it was, as its progress said; null: it did not say.</param>
/// <param name="Unit">The unit of <paramref name="Size"/>.</param>
public sealed record StepTime(
    string Step,
    string Operation,
    Direction Direction,
    TimeSpan Took,
    long? Size,
    string? Unit
);

/// <summary>Which way a step went.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Direction>))]
public enum Direction
{
    /// <summary>It was carried out.</summary>
    [JsonStringEnumMemberName("forward")]
    Forward,

    /// <summary>It was taken back.</summary>
    [JsonStringEnumMemberName("back")]
    Back,
}

/// <summary>Reads from a journal how long each step took. Only whole, undisturbed work counts: no step that a halt, a crash or a clock that was set back interrupted, none that was done before or found done.</summary>
public sealed class StepTimes
{
    private readonly Dictionary<string, string> operations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Work> open = new(StringComparer.Ordinal);
    private readonly ImmutableArray<StepTime>.Builder times = ImmutableArray.CreateBuilder<StepTime>();

    private StepTimes() { }

    /// <summary>Reads a whole journal.</summary>
    public static ImmutableArray<StepTime> Of(IEnumerable<JournalEntry> entries)
    {
        var reader = new StepTimes();
        foreach (var entry in entries)
            reader.Take(entry.Event, entry.At);
        return reader.times.ToImmutable();
    }

    /// <summary>A step's id in the plan: without the members of the loops that it stands in.</summary>
    public static string IdInPlan(string step) =>
        step.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? step[..at] : step;

    private void Take(JournalEvent happened, DateTimeOffset at)
    {
        switch (happened)
        {
            case RunStarted started:
                Learn(started.Plan);
                break;
            case RunResumed resumed:
                open.Clear();
                if (resumed.Plan is { } mended)
                    Learn(mended);
                break;
            case RunHalted or RollbackStarted or ClockSetBack:
                open.Clear();
                break;
            case StepStarted or Intent:
                open.TryAdd(((StepEvent)happened).Step, new Work(at, Direction.Forward));
                break;
            case UndoIntent undo:
                open[undo.Step] = new Work(at, Direction.Back);
                break;
            case Progressed { Progress.Total: { } total } came when open.TryGetValue(came.Step, out var work):
                open[came.Step] = work with { Size = total, Unit = came.Progress.Unit };
                break;
            case StepDone { AlreadyDone: false, Adopted: false } done:
                Close(done.Step, Direction.Forward, at);
                break;
            case StepUndone { Skipped: null } undone:
                Close(undone.Step, Direction.Back, at);
                break;
            case StepDone or StepUndone or StepFailed or StepInDoubt or UndoFailed:
                open.Remove(((StepEvent)happened).Step);
                break;
        }
    }

    private void Learn(Plan plan)
    {
        foreach (var item in plan.AllItems())
        {
            if (OperationOf(item) is { } operation)
                operations[item.Id] = operation;
        }
    }

    /// <summary>The operation of a change or a check; null for all others.</summary>
    public static string? OperationOf(Item item) =>
        item switch
        {
            DoItem change => change.Operation,
            CheckItem check => check.Operation,
            _ => null,
        };

    private void Close(string step, Direction direction, DateTimeOffset at)
    {
        if (!open.Remove(step, out var work) || work.Direction != direction)
            return;
        var id = IdInPlan(step);
        if (operations.TryGetValue(id, out var operation))
            times.Add(new StepTime(id, operation, direction, at - work.Since, work.Size, work.Unit));
    }

    private sealed record Work(DateTimeOffset Since, Direction Direction, long? Size = null, string? Unit = null);
}
