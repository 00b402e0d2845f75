using System.Collections.Immutable;
using Belay.Domain.Plans;

namespace Belay.Domain.Readings;

/// <summary>Lays what a journal says of its steps over the tree of the plan.</summary>
public static class RunTree
{
    /// <summary>The root nodes in the order of the plan; steps that a mend took out of it come last.</summary>
    public static ImmutableArray<RunNode> Of(RunReading reading)
    {
        if (reading.Plan is not { } plan)
            return [];
        var builder = new Builder(reading);
        var planned = builder.Nodes(plan.Steps, "");
        return [.. planned, .. builder.TakenOut()];
    }

    /// <summary>How a group stands: the state that needs a person comes first.</summary>
    private static StepState StateOf(ImmutableArray<RunNode> children)
    {
        ReadOnlySpan<StepState> urgent =
        [
            StepState.UndoFailed,
            StepState.InDoubt,
            StepState.Failed,
            StepState.Undoing,
            StepState.Running,
            StepState.Undone,
        ];
        var states = children.Where(child => child.SetAside is null).Select(child => child.State).ToHashSet();
        foreach (var state in urgent)
        {
            if (states.Contains(state))
                return state;
        }
        if (!states.Contains(StepState.Waiting))
            return StepState.Done;
        return states.Contains(StepState.Done) ? StepState.Running : StepState.Waiting;
    }

    private sealed class Builder(RunReading reading)
    {
        private readonly HashSet<string> seen = new(StringComparer.Ordinal);

        public ImmutableArray<RunNode> Nodes(ImmutableArray<Item> items, string suffix) =>
            [.. items.Select(item => One(item, suffix))];

        public IEnumerable<RunNode> TakenOut() =>
            from step in reading.Steps.Values
            where !seen.Contains(step.Id)
            select new RunNode
            {
                Id = step.Id,
                Title = step.Id,
                Reading = step,
                State = step.State,
            };

        private RunNode One(Item item, string suffix)
        {
            var id = item.Id + suffix;
            seen.Add(id);
            var known = reading.Find(id);
            var children = item switch
            {
                EachItem each => Members(each, known, suffix),
                DuringItem during => [One(during.Condition, suffix), .. Nodes(during.Steps, suffix)],
                _ => Nodes(item.Children, suffix),
            };
            return new RunNode
            {
                Id = id,
                Title = item.Title,
                Item = item,
                Reading = known,
                Children = children,
                State = children.IsEmpty ? known?.State ?? StepState.Waiting : StateOf(children),
            };
        }

        /// <summary>Before a loop began its members are not known; its body then stands once.</summary>
        private ImmutableArray<RunNode> Members(EachItem each, StepReading? known, string suffix) =>
            known?.Members is { } members
                ? [.. members.Select(member => Member(each, known, member.Key, suffix))]
                : Nodes(each.Steps, suffix);

        private RunNode Member(EachItem each, StepReading loop, string key, string suffix)
        {
            var children = Nodes(each.Steps, $"{suffix}@{key}");
            return new RunNode
            {
                Id = $"{loop.Id}@{key}",
                Title = key,
                SetAside = loop.SetAside.GetValueOrDefault(key),
                Children = children,
                State = StateOf(children),
            };
        }
    }
}
