using System.Collections.Immutable;
using System.Diagnostics;

namespace Kills;

/// <summary>Decides the instant of one kill, and proves afterwards which window it hit.</summary>
internal sealed class Killer
{
    private readonly JournalTail journal;
    private readonly TargetLogs logs;
    private readonly ImmutableDictionary<string, Window> aims;
    private readonly Dictionary<string, int> begunBefore;
    private readonly int from;
    private readonly CancellationToken ct;
    private readonly TimeSpan linger;
    private readonly TimeSpan? blindly;
    private readonly long began = Stopwatch.GetTimestamp();
    private (string Step, bool Begun, bool Stood)? seen;
    private (string Step, long Since)? inSight;

    private Killer(
        JournalTail journal,
        TargetLogs logs,
        ImmutableDictionary<string, Window> aims,
        Dictionary<string, int> begunBefore,
        TimeSpan linger,
        TimeSpan? blindly,
        CancellationToken ct
    ) =>
        (this.journal, this.logs, this.aims, this.begunBefore, this.linger, this.blindly, this.ct, from) = (
            journal,
            logs,
            aims,
            begunBefore,
            linger,
            blindly,
            ct,
            journal.Entries.Count
        );

    /// <summary>Gets ready before belay is called.</summary>
    /// <param name="journal">The run's journal.</param>
    /// <param name="logs">The logs of its targets.</param>
    /// <param name="aims">The steps to be hit, and in which window.</param>
    /// <param name="linger">How long after the begin of an undo.</param>
    /// <param name="blindly">After which time in any case, wherever belay is then; null: only at an aim.</param>
    /// <param name="ct">Ends the waiting.</param>
    public static async Task<Killer> AimAsync(
        JournalTail journal,
        TargetLogs logs,
        ImmutableDictionary<string, Window> aims,
        TimeSpan linger,
        TimeSpan? blindly,
        CancellationToken ct
    )
    {
        journal.Read();
        var begun = new Dictionary<string, int>();
        foreach (var step in aims.Keys)
            begun[step] = (await logs.OfAsync(step, ct)).Begun;
        return new Killer(journal, logs, aims, begun, linger, blindly, ct);
    }

    /// <summary>Whether an aim is in sight now.</summary>
    public async ValueTask<bool> NowAsync()
    {
        if (Stopwatch.GetElapsedTime(began) >= blindly)
            return true;
        if (Open() is not { } open || !aims.TryGetValue(open.Step, out var window))
            return false;
        if (open.IsUndo || window == Window.DuringUndo)
            return open.IsUndo && window == Window.DuringUndo && HasLingered(open.Step);
        if (window == Window.AfterTheIntent)
            return true;
        var trace = await logs.OfAsync(open.Step, ct);
        seen = (open.Step, trace.Begun > begunBefore[open.Step], trace.Stands);
        return window == Window.BeforeTheResult ? trace.Stands : !trace.Stands && (seen.Value.Begun || open.HasBegun);
    }

    /// <summary>The window that was hit, by the journal and the target's log; null when they do not prove one.</summary>
    /// <remarks>A child outlives belay for a moment: what counts as begun or done was seen before the kill, what counts as not yet after it.</remarks>
    public async Task<Window?> ProvenAsync()
    {
        if (Open() is not { } open)
            return null;
        if (open.IsUndo)
            return Window.DuringUndo;
        var before = seen?.Step == open.Step ? seen : null;
        if (before?.Stood == true)
            return Window.BeforeTheResult;
        var after = await logs.OfAsync(open.Step, ct);
        if (after.Stands)
            return null;
        if (open.HasBegun || before?.Begun == true)
            return Window.DuringTheEffect;
        return after.Begun == begunBefore.GetValueOrDefault(open.Step) ? Window.AfterTheIntent : null;
    }

    /// <summary>An undo is hit at its begin, or somewhere on its way.</summary>
    private bool HasLingered(string step)
    {
        if (inSight?.Step != step)
            inSight = (step, Stopwatch.GetTimestamp());
        return Stopwatch.GetElapsedTime(inSight.Value.Since) >= linger;
    }

    private OpenStep? Open()
    {
        journal.Read();
        return OpenStep.In(journal.Entries.Skip(from));
    }
}
