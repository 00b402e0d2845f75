using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;
using Belay.Rehearsal.Simulation;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Stories;

/// <summary>How all stands between two orders. Playing from it leaves it as it is.</summary>
internal sealed record Position(MemoryStore Store, World World, Ledger Ledger, DateTimeOffset At)
{
    /// <summary>Before the first order.</summary>
    public static Position Beginning(Script script)
    {
        var time = new VirtualTime();
        return new(MemoryStoreOf(time), new World(script.Scenery), new Ledger(), time.GetUtcNow());
    }

    private static MemoryStore MemoryStoreOf(TimeProvider time) => new(time) { IsExact = false };

    /// <summary>The changes that stand, the last begun first.</summary>
    public IReadOnlyList<string> Standing =>
        [.. WayBack.Of(RunReading.Of(Store.Journal(Player.Run)), to: null).Steps.Select(step => step.Step)];

    /// <summary>Positions of the same signature go on in the same way.</summary>
    public string Signature => World.Signature + Ledger.Signature;
}

/// <summary>How an order went.</summary>
internal sealed record Played
{
    public required Position After { get; init; }

    public required Ending Ending { get; init; }

    /// <summary>The changes that were done, in this order.</summary>
    public required IReadOnlyList<string> Changes { get; init; }

    /// <summary>Every spot that was passed, and how all stood there.</summary>
    public required IReadOnlyList<(Spot Spot, string Signature)> Spots { get; init; }

    /// <summary>How all stood at each write of the journal.</summary>
    public required IReadOnlyList<string> Writes { get; init; }

    /// <summary>Whether the order's fault came to happen.</summary>
    public required bool FaultHappened { get; init; }
}

/// <summary>How an order ended.</summary>
internal abstract record Ending
{
    private Ending() { }

    internal sealed record Done : Ending;

    internal sealed record RolledBack : Ending;

    /// <summary>Past the boundary: taken back as far as was offered.</summary>
    internal sealed record BackTo(string Step) : Ending;

    internal sealed record Abandoned : Ending;

    /// <summary>Ended before anything was changed.</summary>
    internal sealed record Failed(string Why) : Ending;

    internal sealed record Halted(HaltCause Cause, string Why, string? Step) : Ending;

    internal sealed record Died : Ending;

    internal sealed record Stuck(string Why) : Ending;

    /// <summary>Whether a person has to go on from here.</summary>
    public bool IsOpen => this is Halted or Died or BackTo;

    /// <summary>The ending as an operator reads it.</summary>
    public string Words =>
        this switch
        {
            Done => "the run is done",
            RolledBack => "the run is rolled back",
            BackTo back => $"the run is taken back up to '{back.Step}'",
            Abandoned => "the run is abandoned",
            Failed failed => $"the run ends before it changed anything: {failed.Why}",
            Halted halted => $"the run halts: {halted.Why}",
            Died => "Belay is dead",
            Stuck stuck => $"the run is stuck: {stuck.Why}",
            _ => throw new InvalidOperationException("an ending of no known kind"),
        };
}
