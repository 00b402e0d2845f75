using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Engine.Running;

namespace Belay.Engine.Previews;

/// <summary>A change, a check or an approval at its place in a plan, loops unrolled as far as their members are known.</summary>
/// <param name="Item">The item.</param>
/// <param name="Suffixes">What is put behind ids of steps here, the innermost loop first, the last one empty.</param>
/// <param name="Variables">The values of the loops' variables here.</param>
public sealed record PlannedStep(
    Item Item,
    ImmutableArray<string> Suffixes,
    ImmutableDictionary<string, JsonElement> Variables
)
{
    /// <summary>The step's id.</summary>
    public string Step => Item.Id + Suffixes[0];

    /// <summary>The changes, checks and approvals of a plan, in its order.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="begun">The members of a loop that began already, by its step; null: it did not.</param>
    public static IEnumerable<PlannedStep> In(Plan plan, Func<string, ImmutableArray<LoopMember>?> begun) =>
        In(plan.Steps, [""], ImmutableDictionary<string, JsonElement>.Empty, begun);

    private static IEnumerable<PlannedStep> In(
        ImmutableArray<Item> items,
        ImmutableArray<string> suffixes,
        ImmutableDictionary<string, JsonElement> variables,
        Func<string, ImmutableArray<LoopMember>?> begun
    ) => items.SelectMany(item => In(item, suffixes, variables, begun));

    private static IEnumerable<PlannedStep> In(
        Item item,
        ImmutableArray<string> suffixes,
        ImmutableDictionary<string, JsonElement> variables,
        Func<string, ImmutableArray<LoopMember>?> begun
    ) =>
        item switch
        {
            DoItem or CheckItem or ApproveItem => [new(item, suffixes, variables)],
            DuringItem during =>
            [
                new(during.Condition, suffixes, variables),
                .. In(during.Steps, suffixes, variables, begun),
            ],
            EachItem each when MembersOf(each, suffixes[0], begun) is { } members => members.SelectMany(member =>
                In(
                    each.Steps,
                    suffixes.Insert(0, $"{suffixes[0]}@{member.Key}"),
                    variables.SetItem(each.Variable, member.Value),
                    begun
                )
            ),
            _ => In(item.Children, suffixes, variables, begun),
        };

    /// <summary>Null while the members come out of a step that has still to run: then the loop's steps stand once.</summary>
    private static ImmutableArray<LoopMember>? MembersOf(
        EachItem each,
        string suffix,
        Func<string, ImmutableArray<LoopMember>?> begun
    ) =>
        begun(each.Id + suffix) ?? (each.Over.ValueKind == JsonValueKind.Array ? [.. LoopMembers.Of(each.Over)] : null);
}
