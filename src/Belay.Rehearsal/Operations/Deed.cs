using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Contract;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Operations;

/// <summary>What one touch of a step makes of the world: cells, and the values that they shall have.</summary>
internal sealed record Deed(Touch Touch, ImmutableArray<(Cell Cell, string Wanted)> Cells)
{
    /// <summary>The deeds of a step, in the order of its touches. A freeze that the same step thaws is none: it leaves nothing.</summary>
    public static ImmutableArray<Deed> Of(ImmutableArray<Touch> touches, string step, Scenery scenery)
    {
        var passing = Passing(touches);
        var deeds = touches
            .Where(touch => touch.Kind != TouchKind.Read && Members.IsMember(touch.Resource))
            .Where(touch => !(touch.Kind is TouchKind.Freeze or TouchKind.Thaw && passing.Contains(touch.Resource)))
            .Select(touch => new Deed(touch, [.. CellsOf(touch, step, scenery)]))
            .Where(deed => deed.Cells.Length > 0)
            .ToImmutableArray();
        return deeds.IsEmpty
            ?
            [
                new Deed(
                    touches.FirstOrDefault() ?? new Touch(step, TouchKind.Modify),
                    [(new(step, Aspect.Done), World.Yes)]
                ),
            ]
            : deeds;
    }

    /// <summary>Resources that a step freezes for the time of its own work.</summary>
    public static ImmutableArray<string> Passing(ImmutableArray<Touch> touches) =>
        [
            .. touches
                .Where(touch => touch.Kind == TouchKind.Freeze)
                .Select(touch => touch.Resource)
                .Intersect(touches.Where(touch => touch.Kind == TouchKind.Thaw).Select(touch => touch.Resource)),
        ];

    private static IEnumerable<(Cell, string)> CellsOf(Touch touch, string step, Scenery scenery)
    {
        var member = scenery.MemberOf(touch.Resource);
        return touch switch
        {
            { Kind: TouchKind.Create } =>
            [
                (new(member, Aspect.Release), scenery.Plan.To),
                (new(member, Aspect.Exists), World.Yes),
            ],
            { Kind: TouchKind.Destroy } when touch.Resource.EndsWith("/sessions", StringComparison.Ordinal) => [],
            { Kind: TouchKind.Destroy } => [(new(member, Aspect.Exists), World.No)],
            { Kind: TouchKind.RouteTo } when scenery.IsStore(touch) =>
            [
                (new(member, Aspect.AcceptsWrites), World.Yes),
                (new(member, Aspect.Follows), ""),
            ],
            { Kind: TouchKind.RouteTo } when scenery.IsCreated(member) =>
            [
                (new(scenery.PlaceOf(touch), Aspect.Routed), World.Yes),
            ],
            { Kind: TouchKind.RouteTo } =>
            [
                (new(member, Aspect.Release), scenery.Plan.To),
                (new(scenery.PlaceOf(touch), Aspect.Routed), World.Yes),
            ],
            { Kind: TouchKind.RouteAway } when scenery.IsStore(touch) =>
            [
                (new(member, Aspect.AcceptsWrites), World.No),
            ],
            { Kind: TouchKind.RouteAway, Drains: true } =>
            [
                (new(scenery.PlaceOf(touch), Aspect.Routed), World.No),
                (new(scenery.PlaceOf(touch), Aspect.Sessions), World.No),
            ],
            { Kind: TouchKind.RouteAway } => [(new(scenery.PlaceOf(touch), Aspect.Routed), World.No)],
            { Reaches: { } schema } => [(new(member, Aspect.Schema), schema.ToString(CultureInfo.InvariantCulture))],
            { Copies: { } source } => [(new(member, Aspect.Follows), scenery.MemberOf(source))],
            { Kind: TouchKind.BackUp } => [(new(step, Aspect.Saved), World.Yes)],
            { Kind: TouchKind.Freeze } => [(new(member, Aspect.Frozen), World.Yes)],
            { Kind: TouchKind.Thaw } => [(new(member, Aspect.Frozen), World.No)],
            _ => [],
        };
    }
}
