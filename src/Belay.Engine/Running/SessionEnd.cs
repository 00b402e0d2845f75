using Belay.Engine.Parking;

namespace Belay.Engine.Running;

/// <summary>How a session with the lease in hand ended. A closed hierarchy.</summary>
internal abstract record SessionEnd
{
    private SessionEnd() { }

    /// <summary>The order is carried out, or the run has halted.</summary>
    public sealed record Over(RunOutcome Outcome) : SessionEnd;

    /// <summary>The run only waits now.</summary>
    public sealed record Parked(RunContext Run, ParkingSpot Spot) : SessionEnd;
}
