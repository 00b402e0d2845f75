using Belay.Domain.Plans;

namespace Belay.Engine.Running;

/// <summary>What users may notice while a step runs, because the plan said so and somebody approved it: a watch of that name may fail, for as long as was said and no longer.</summary>
internal sealed class Impacts(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly List<Announced> current = [];

    /// <summary>A step with an impact begins; it ends with the result.</summary>
    public IDisposable? Begin(Item item)
    {
        if (item.Impact is not { } impact)
            return null;
        var announced = new Announced(this, impact);
        lock (gate)
            current.Add(announced);
        return announced;
    }

    /// <summary>Whether a failure of a watch now is what was announced.</summary>
    public bool Allow(string watch)
    {
        lock (gate)
            return current.Exists(known => known.Impact.Route == watch && known.IsInTime(clock));
    }

    /// <summary>One step that runs.</summary>
    private sealed class Announced(Impacts all, Impact impact) : IDisposable
    {
        private long? noticed;

        public Impact Impact => impact;

        public bool IsInTime(TimeProvider clock) =>
            clock.GetElapsedTime(noticed ??= clock.GetTimestamp()) <= impact.AtMost;

        public void Dispose()
        {
            lock (all.gate)
                all.current.Remove(this);
        }
    }
}
