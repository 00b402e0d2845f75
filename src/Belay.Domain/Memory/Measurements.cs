using System.Collections.Frozen;
using Belay.Domain.Boundaries;

namespace Belay.Domain.Memory;

/// <summary>What earlier runs tell of the times of steps. A step is known again by its id and its operation.</summary>
public sealed class Measurements
{
    private readonly FrozenDictionary<(string Step, string Operation, Direction Direction), Spread> known;

    private Measurements(IEnumerable<StepTime> times) =>
        known = times
            .GroupBy(time => (time.Step, time.Operation, time.Direction))
            .ToFrozenDictionary(same => same.Key, same => Spread.Of([.. same]));

    /// <summary>Nothing was ever measured.</summary>
    public static Measurements None { get; } = new([]);

    /// <summary>What these times tell together.</summary>
    /// <param name="times">The times, those of the newest run first.</param>
    public static Measurements Of(IEnumerable<StepTime> times) => new(times);

    /// <summary>The times of a step; null: it was never measured.</summary>
    public Spread? Find(string step, string operation, Direction direction = Direction.Forward) =>
        known.TryGetValue((step, operation, direction), out var spread) ? spread : null;

    /// <summary>How long taking a step of a plan back takes, for the words of its boundary.</summary>
    public Func<string, Measured?> TakingBack(Plans.Plan plan)
    {
        var operations = plan.AllItems()
            .OfType<Plans.DoItem>()
            .ToFrozenDictionary(item => item.Id, item => item.Operation, StringComparer.Ordinal);
        return step =>
            operations.TryGetValue(step, out var operation) && Find(step, operation, Direction.Back) is { } spread
                ? new Measured(spread.Expected.P50, spread.Samples)
                : null;
    }
}
