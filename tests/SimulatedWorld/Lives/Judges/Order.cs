using Belay.Domain.Plans;
using Belay.Engine;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What an engine is told to do. A closed hierarchy.</summary>
internal abstract record Order
{
    private Order() { }

    /// <summary>Halts it, as Ctrl-C does.</summary>
    public CancellationToken Halt { get; init; }

    internal sealed record Start(Plan Plan, string By, bool Wait) : Order;

    internal sealed record Resume(Plan? Plan, string By, bool Wait) : Order;

    internal sealed record Rollback(RollbackOrder Told) : Order;

    internal sealed record Abandon : Order;

    internal sealed record Thaw : Order;

    internal sealed record Resolve(string Step, bool Happened) : Order;

    /// <summary>A parked engine has the lease again: for a moment, or because the run wakes.</summary>
    internal sealed record Woken(ParkedDuty Parked) : Order;

    /// <summary>Something about another run.</summary>
    internal sealed record Other : Order;
}
