using Belay.Domain.Plans;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What users may notice while a step runs: a watch of that name may fail for as long as was said.</summary>
internal sealed class ImpactDuty(Session session)
{
    private readonly List<Announced> current = [];
    private long touched = -1;

    public void Begin(string step, Impact impact)
    {
        current.Add(new Announced(step, impact));
        touched = session.Now;
    }

    public void End(string step)
    {
        if (current.RemoveAll(known => known.Step == step) > 0)
            touched = session.Now;
    }

    /// <summary>Whether a failure of a watch now is what was announced; null: it begins or ends at this very moment.</summary>
    public bool? Allows(string watch)
    {
        var allowed = current.Exists(known =>
            known.Impact.Route == watch && session.Now - (known.Noticed ??= session.Now) <= known.Impact.AtMost.Ticks
        );
        return touched == session.Now ? null : allowed;
    }

    private sealed class Announced(string step, Impact impact)
    {
        public string Step => step;

        public Impact Impact => impact;

        public long? Noticed { get; set; }
    }
}
