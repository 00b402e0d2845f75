using Belay.Domain.Contract;
using Belay.Domain.Journal;

namespace SimulatedWorld.Lives.Judges;

/// <summary>Child processes: each is journaled when it starts and when it ends, and none of a dead engine lives on when something is looked at.</summary>
internal sealed class ChildDuty
{
    private readonly Session session;
    private readonly HashSet<ProcessIdentity> orphans;
    private readonly HashSet<ProcessIdentity> unended;
    private readonly Dictionary<ProcessIdentity, (string Step, string Command)> started = [];
    private readonly Dictionary<ProcessIdentity, int?> ended = [];
    private bool hasLooked;

    public ChildDuty(Session session)
    {
        this.session = session;
        orphans = [.. session.Stage.Children.Live];
        unended = [.. session.Reading.Steps.Values.SelectMany(step => step.Children.Keys)];
    }

    /// <summary>A child of a dead engine could not be ended.</summary>
    public bool HasOrphans => orphans.Overlaps(session.Stage.Children.Live);

    public void Started(ProcessIdentity child, string step, string command) => started[child] = (step, command);

    public void Ended(ProcessIdentity child, bool byItself) => ended[child] = byItself ? 0 : null;

    /// <summary>An operation is made: whatever the dead engine left is settled.</summary>
    public void Looks()
    {
        if (hasLooked || session.Order is Order.Resolve)
            return;
        hasLooked = true;
        if (orphans.Overlaps(session.Stage.Children.Live))
            session.Accuse("something is looked at, and a child of a dead engine lives");
        if (session.Reading.Steps.Values.Any(step => step.Children.Keys.Any(unended.Contains)))
            session.Accuse("something is looked at, and the end of a dead engine's child is not journaled");
    }

    public void Before(JournalEvent happened)
    {
        switch (happened)
        {
            case ChildStarted said:
                if (!started.TryGetValue(said.Child, out var known) || known != (said.Step, said.Command))
                    session.Accuse($"no such child was started: {said}");
                break;
            case ChildEnded said when !unended.Contains(said.Child) && !orphans.Contains(said.Child):
                if (!ended.TryGetValue(said.Child, out var code) || code != said.ExitCode)
                    session.Accuse($"no such child ended: {said}");
                break;
        }
    }

    public void End()
    {
        foreach (var (child, _) in ended.Where(known => known.Value is not null && started.ContainsKey(known.Key)))
        {
            if (session.Reading.Find(started[child].Step)?.Children.ContainsKey(child) == true)
                session.Accuse($"{child} ended, and that is not journaled");
        }
    }
}
