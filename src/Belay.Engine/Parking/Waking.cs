using Belay.Domain.Journal;
using Belay.Engine.Ports;
using Belay.Engine.Running;

namespace Belay.Engine.Parking;

/// <summary>With what a parked run wakes.</summary>
/// <param name="Why">What woke it, for the journal.</param>
/// <param name="Noted">What was noted meanwhile and is not journaled yet.</param>
/// <param name="Failure">Why it must halt; null: it goes on.</param>
/// <param name="Asked">The request of a person to halt; null: nobody asked.</param>
internal sealed record Waking(string Why, IReadOnlyList<JournalEvent> Noted, Stop? Failure, PendingRequest? Asked);
