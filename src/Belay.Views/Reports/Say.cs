using System.Globalization;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Domain.Readings;

namespace Belay.Views.Reports;

/// <summary>Times and states as people read them.</summary>
internal static class Say
{
    /// <summary>Date and time, UTC, to the second.</summary>
    public static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time of day, UTC, to the millisecond.</summary>
    public static string Clock(DateTimeOffset at) =>
        at.UtcDateTime.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Span(TimeSpan time) => Duration.Rounded(time);

    /// <summary>The beginning of a hash, by which people tell it from others.</summary>
    public static string Short(string? hash) => hash is { Length: > 12 } ? hash[..12] : hash ?? "";

    public static string Number(double number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);

    public static string Milliseconds(double ms) => ms.ToString("#,0.#", CultureInfo.InvariantCulture) + " ms";

    /// <summary>The number with the noun, which stands in the plural unless it is one.</summary>
    public static string Count(long number, string noun) => number == 1 ? $"1 {noun}" : $"{Number(number)} {noun}s";

    public static Cell State(RunNode node) =>
        node switch
        {
            { SetAside: not null } => new Cell("set aside", Tone.Bad),
            { State: StepState.Done, Reading.AlreadyDone: true } => new Cell("already done", Tone.Good),
            _ => State(node.State),
        };

    public static Cell State(StepState state) =>
        new(
            state.InWords(),
            state switch
            {
                StepState.Waiting => Tone.Quiet,
                StepState.Running or StepState.Undoing or StepState.Undone => Tone.Waiting,
                StepState.Done => Tone.Good,
                StepState.Failed or StepState.InDoubt or StepState.UndoFailed => Tone.Bad,
                _ => throw new ArgumentOutOfRangeException(nameof(state)),
            }
        );

    public static Cell Status(RunStatus status) =>
        status switch
        {
            RunStatus.Running => new Cell("running", Tone.Waiting),
            RunStatus.RollingBack => new Cell("rolling back", Tone.Waiting),
            RunStatus.Parked => new Cell("parked", Tone.Waiting),
            RunStatus.Halted => new Cell("halted", Tone.Bad),
            RunStatus.Done => new Cell("done", Tone.Good),
            RunStatus.Failed => new Cell("failed before any change", Tone.Bad),
            RunStatus.RolledBack => new Cell("rolled back", Tone.Waiting),
            RunStatus.Abandoned => new Cell("abandoned", Tone.Bad),
            _ => throw new ArgumentOutOfRangeException(nameof(status)),
        };

    public static string Cause(HaltCause cause) =>
        cause switch
        {
            HaltCause.StepFailed => "a step failed",
            HaltCause.CheckFailed => "a check said no",
            HaltCause.WatchFailed => "a watch failed",
            HaltCause.InDoubt => "a step is in doubt",
            HaltCause.Asked => "a person asked",
            HaltCause.Drifted => "more would change than was approved",
            HaltCause.Waiting => "a person is needed",
            HaltCause.LeaseLost => "the lease or the journal was lost",
            HaltCause.FreezeOverdue => "a freeze was ended by its watchdog",
            HaltCause.OtherSystem => "a system is not the known one",
            HaltCause.UndoFailed => "taking back failed",
            HaltCause.Boundary => "the boundary",
            _ => throw new ArgumentOutOfRangeException(nameof(cause)),
        };

    public static Cell Answer(Answer answer) =>
        answer switch
        {
            Domain.Journal.Answer.Holds => new Cell("holds", Tone.Good),
            Domain.Journal.Answer.NotYet => new Cell("not yet", Tone.Waiting),
            Domain.Journal.Answer.Broken => new Cell("broken", Tone.Bad),
            Domain.Journal.Answer.Unknown => new Cell("unknown", Tone.Bad),
            _ => throw new ArgumentOutOfRangeException(nameof(answer)),
        };

    public static Cell Reversal(Reversal reversal) =>
        reversal switch
        {
            Domain.Contract.Reversal.Exact => new Cell("exact", Tone.Good),
            Domain.Contract.Reversal.Restore => new Cell("restore", Tone.Waiting),
            Domain.Contract.Reversal.Never => new Cell("never", Tone.Bad),
            _ => throw new ArgumentOutOfRangeException(nameof(reversal)),
        };

    public static string Failure(FailureKind failure) =>
        failure switch
        {
            FailureKind.Transient => "transient",
            FailureKind.Refused => "refused",
            FailureKind.OutcomeUnknown => "outcome unknown",
            _ => throw new ArgumentOutOfRangeException(nameof(failure)),
        };

    public static string Progress(Progress progress)
    {
        var total = progress.Total is { } all ? $" of {Number(all)}" : "";
        var amount = progress.Done is { } done ? $"{Number(done)}{total} {progress.Unit}".TrimEnd() : "";
        return string.Join(": ", new[] { amount, progress.Message ?? "" }.Where(part => part.Length > 0));
    }
}
