using Belay.Domain.Journal;

namespace SimulatedWorld.Lives.Judges;

/// <summary>Everything that came up in a session and stops it, from the run's own side.</summary>
internal sealed class Reasons(Session session)
{
    private readonly List<Reason> all = [];
    private long? halted;

    /// <summary>All of them, and those that the clock brings.</summary>
    public IEnumerable<Reason> All => Halted().Concat(Others);

    private IEnumerable<Reason> Halted()
    {
        // Whoever is told first of a halt, the engine or its judge: it is halted from now on.
        if (session.Order.Halt.IsCancellationRequested)
            halted ??= session.Now;
        return halted is { } at ? [new Reason(HaltCause.Asked, null, null, at, "")] : [];
    }

    private IEnumerable<Reason> Others =>
        session.Forward is { } forward ? all.Concat(forward.Freezes.Overdue()).Concat(session.People.GivenUp()) : all;

    public void Add(Reason reason) => all.Add(reason);

    /// <summary>A member of a loop was set aside: what it failed over is over.</summary>
    public Reason? Absorb(string suffix)
    {
        var reason = all.Find(known => known.Suffix == suffix);
        all.RemoveAll(known => known.Suffix == suffix);
        return reason;
    }

    /// <summary>Whether the run, or this member of a loop, had stopped at a moment.</summary>
    public bool Stop(string suffix, long at) => All.Any(reason => reason.At <= at && reason.Stops(suffix));

    /// <summary>Whether it may have: what a member failed over may be more than its loop tolerates.</summary>
    public bool MayStop(string suffix, long at) =>
        Stop(suffix, at)
        || All.Any(reason => reason.At <= at && reason.Suffix.Length > 0 && session.Forward!.Loops.MayHalt(reason));
}
