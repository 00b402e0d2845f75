using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Journal;
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
        var planned = builder.Nodes(plan.Steps, Place.Root);
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

        public ImmutableArray<RunNode> Nodes(ImmutableArray<Item> items, Place place) =>
            [.. items.Select(item => One(item, place))];

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

        private RunNode One(Item item, Place place)
        {
            var id = item.Id + place.Suffix;
            seen.Add(id);
            var known = reading.Find(id);
            var children = item switch
            {
                EachItem each => Members(each, known, place),
                DuringItem during => [One(during.Condition, place), .. Nodes(during.Steps, place)],
                _ => Nodes(item.Children, place),
            };
            return new RunNode
            {
                Id = id,
                Title = place.Resolve(item.Title),
                Item = item,
                Reading = known,
                Children = children,
                State = children.IsEmpty ? known?.State ?? StepState.Waiting : StateOf(children),
            };
        }

        /// <summary>Before a loop began its members are not known; its body then stands once.</summary>
        private ImmutableArray<RunNode> Members(EachItem each, StepReading? known, Place place) =>
            known?.Members is { } members
                ? [.. members.Select(member => Member(each, known, member, place))]
                : Nodes(each.Steps, place);

        private RunNode Member(EachItem each, StepReading loop, LoopMember member, Place place)
        {
            var children = Nodes(each.Steps, place.Of(each.Variable, member));
            return new RunNode
            {
                Id = $"{loop.Id}@{member.Key}",
                Title = member.Key,
                SetAside = loop.SetAside.GetValueOrDefault(member.Key),
                Children = children,
                State = StateOf(children),
            };
        }
    }

    /// <summary>Where in its loops a step stands: what its id ends with, and the members by the variables that name them.</summary>
    private sealed record Place(string Suffix, ImmutableDictionary<string, JsonElement> Members)
    {
        public static Place Root { get; } = new("", ImmutableDictionary<string, JsonElement>.Empty);

        public Place Of(string variable, LoopMember member) =>
            new($"{Suffix}@{member.Key}", Members.SetItem(variable, member.Value));

        /// <summary>A title with the members in it: <c>haproxy.drain shop/${server.old}</c> is one of <c>shop/web1</c>.</summary>
        public string Resolve(string title)
        {
            if (Members.IsEmpty || !title.Contains("${", StringComparison.Ordinal))
                return title;
            try
            {
                return string.Concat(
                    References
                        .Parse(title)
                        .Select(piece => piece.Words ?? ValueOf(piece.Reference!) ?? $"{piece.Reference}")
                );
            }
            catch (ReferenceException)
            {
                // A title is cut off when it is long, perhaps within a reference.
                return title;
            }
        }

        private string? ValueOf(Reference reference)
        {
            if (!Members.TryGetValue(reference.Root, out var value))
                return null;
            foreach (var name in reference.Path)
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                    return null;
            }
            return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        }
    }
}
