using Belay.Domain.Plans;
using Belay.Engine.Ports;

namespace Belay.Engine.Parking;

/// <summary>Where a run parks.</summary>
/// <param name="Item">The soak for which it waits.</param>
/// <param name="Step">The soak's step.</param>
/// <param name="Left">How long the soak still takes if nothing comes between.</param>
/// <param name="Stay">This process stays with the run.</param>
internal sealed record ParkingSpot(SoakItem Item, string Step, TimeSpan Left, IStay Stay);
