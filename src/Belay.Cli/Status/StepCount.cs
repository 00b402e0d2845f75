using Belay.Domain.Readings;

namespace Belay.Cli.Status;

/// <summary>How many steps of a run are done, of how many. Groups do not count, what is in them does; a loop that has not begun counts once.</summary>
internal static class StepCount
{
    public static (int Done, int Total) Of(RunReading reading)
    {
        var steps = RunTree
            .Of(reading)
            .SelectMany(root => root.All())
            .Select(found => found.Node)
            .Where(node => node is { Children.IsEmpty: true, Item: not null })
            .ToArray();
        return (steps.Count(node => node.State == StepState.Done), steps.Length);
    }
}
