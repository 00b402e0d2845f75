using Belay.Domain.Contract;
using Belay.Engine.Ports;
using Belay.Rehearsal.Operations;
using Belay.Rehearsal.Simulation;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Stories;

/// <summary>Where one order of a story is played: the world, the clock, the store, and the fault that waits for its moment.</summary>
internal sealed class Scene(Script script, VirtualTime time, MemoryStore store, World? world, Fault? fault)
{
    private const int LeastWorkMs = 40;
    private const int MoreWorkMs = 400;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly HashSet<Spot> spots = [];
    private readonly List<(Spot Spot, string Signature)> passed = [];
    private bool isOver;

    /// <summary>The world.</summary>
    public World World => world ?? throw new InvalidOperationException("a first look has no world yet");

    /// <summary>Of a first look at the plan: what it does; null in a story.</summary>
    public Seen? Seen { get; init; }

    /// <summary>Every spot that was passed, once, and how all stood there.</summary>
    public IReadOnlyList<(Spot Spot, string Signature)> Passed => passed;

    /// <summary>Told of what happens; null: nobody listens.</summary>
    public Action<string?, string>? Listener { get; init; }

    /// <summary>What the journal says of the run, in short.</summary>
    public required Ledger Ledger { get; init; }

    /// <summary>Whether the watches fail now.</summary>
    public bool WatchFails { get; private set; }

    /// <summary>Whether the fault has happened.</summary>
    public bool IsOver => isOver;

    /// <summary>Whether a step's name is that of a watch.</summary>
    public bool IsWatch(string step) => script.WatchSteps.Contains(step);

    /// <summary>Whether a step's work shall not be whole, though it says so.</summary>
    public bool IsHollow(string step)
    {
        if (fault is not Fault.At { Harm: Harm.Hollow } at || at.Spot.Step != step || isOver)
            return false;
        Happens();
        return true;
    }

    /// <summary>Work takes its time; the seed says how long.</summary>
    public Task WorkAsync(string step, CancellationToken ct)
    {
        var seed = script.Seed + (fault is Fault.Timing timing ? timing.Seed : 0);
        var pause = LeastWorkMs + (int)(Scatter($"{seed}/{step}") % MoreWorkMs);
        return Task.Delay(TimeSpan.FromMilliseconds(pause), time, ct);
    }

    /// <summary>A spot is passed: the fault that waits for it happens.</summary>
    public async Task MeetAsync(Spot spot, CancellationToken ct)
    {
        if (store.IsDead)
            throw OperationException.OutcomeUnknown("the process died");
        if (spots.Add(spot))
            passed.Add((spot, World.Signature + Ledger.Signature));
        if (isOver || fault is not Fault.At at || at.Spot != spot || at.Harm == Harm.Hollow)
            return;
        Happens();
        switch (at.Harm)
        {
            case Harm.Fail:
                throw OperationException.Refused("it failed, as the story wants");
            case Harm.Lost:
                throw OperationException.OutcomeUnknown("its answer was lost, as the story wants");
            case Harm.Crash:
                store.Die();
                throw OperationException.OutcomeUnknown("the process died");
            case Harm.Watch:
                WatchFails = true;
                break;
            case Harm.Hang:
                await HangAsync(ct);
                break;
        }
    }

    private async Task HangAsync(CancellationToken ct)
    {
        await Task.Delay(Patience, time, ct);
        await store.PutAsync(Player.Run, new HaltRequest { By = "operator", Note = "it hangs" }, ct);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
    }

    private void Happens()
    {
        isOver = true;
        Listener?.Invoke((fault as Fault.At)?.Spot.Step, $"FAULT: {fault!.Words}");
    }

    // FNV-1a: the same on every machine, so that a story's id is worth something.
    private static uint Scatter(string text)
    {
        var hash = 2166136261u;
        foreach (var letter in text)
            hash = unchecked((hash ^ letter) * 16777619u);
        return hash;
    }
}
