using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Rehearsal.Stories;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Operations;

/// <summary>A change of the catalog, played on the world by what it says that it touches.</summary>
internal sealed class SimulatedChange : BoundChange, ITokenSearch
{
    private readonly ChangeDefinition definition;
    private readonly JsonElement inputs;
    private readonly string sample;
    private readonly ImmutableArray<Touch> touches;
    private readonly ImmutableArray<Deed> deeds;
    private readonly ImmutableArray<Cell> cells;

    /// <summary>Data can only be looked at where it lies.</summary>
    private readonly ImmutableArray<string> stores;

    public SimulatedChange(ChangeDefinition definition, JsonElement inputs, string step, string sample, Scene scene)
    {
        (this.definition, this.inputs, Scene, Step, this.sample) = (definition, inputs, scene, step, sample);
        touches = definition.TouchesOf(inputs);
        deeds = Deed.Of(touches, step, World.Scenery);
        Repeat = definition.RepeatOf(inputs);
        stores =
        [
            .. touches
                .Where(touch => touch.Kind is not (TouchKind.Create or TouchKind.Destroy))
                .Where(World.Scenery.IsStore)
                .Select(touch => World.Scenery.MemberOf(touch.Resource))
                .Distinct(),
        ];
        cells = [.. deeds.SelectMany(deed => deed.Cells.Select(pair => pair.Cell)).Distinct()];
    }

    public override Repeat Repeat { get; }

    public override ITokenSearch? Tokens => Repeat == Repeat.ByToken ? this : null;

    public override BoundBackup? Backup => definition.IsBackup ? new SimulatedBackup(this) : null;

    internal string Step { get; }

    internal Scene Scene { get; }

    internal World World => Scene.World;

    /// <summary>Of a backup: the store that it saves.</summary>
    internal Touch? Saved => touches.FirstOrDefault(touch => touch.Kind == TouchKind.BackUp);

    // Work that nobody can look for again is known only by its own record, which is written when it has ended well.
    private bool IsBlind => Repeat == Repeat.Never;

    private Cell Recorded => new(Step + " (its record)", Aspect.Done);

    public override async ValueTask<JsonElement> ObserveAsync(CancellationToken ct)
    {
        await Task.Yield();
        ct.ThrowIfCancellationRequested();
        if (stores.FirstOrDefault(store => !World.Is(store, Aspect.Exists)) is { } gone)
            throw OperationException.Refused($"{gone} cannot be reached");
        return SimulatedState.Of(sample, [World[Recorded], .. cells.Select(cell => World[cell])]);
    }

    public override Difference Plan(JsonElement observed)
    {
        var values = SimulatedState.Values(observed);
        if (IsBlind)
            return values[0] == World.Yes ? Difference.None : Of([new DifferenceLine($"'{Step}'", null, "done")]);
        var left = deeds
            .SelectMany(deed => deed.Cells)
            .Where(pair => !IsMet(pair.Cell, values[cells.IndexOf(pair.Cell) + 1], pair.Wanted))
            .Select(pair => new DifferenceLine($"{pair.Cell.Subject} {pair.Cell.Aspect}", null, pair.Wanted));
        return Of([.. left]);

        Difference Of(DifferenceLine[] lines) =>
            lines.Length == 0 ? Difference.None : Difference.Of(definition.ReversalOf(inputs), lines);
    }

    public override bool Same(JsonElement a, JsonElement b) =>
        IsBlind ? SimulatedState.Values(a)[0] == SimulatedState.Values(b)[0] : Lasting(a).SequenceEqual(Lasting(b));

    public override async IAsyncEnumerable<Progress> ApplyAsync(
        JsonElement before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await Scene.MeetAsync(new(Step, Work.Apply, Moment.Before), ct);
        await Scene.WorkAsync(Step, ct);
        RefuseGone();
        World.Count(Step, 1, Repeat);
        Freeze(World.BySelf);
        for (var i = 0; i < deeds.Length; i++)
        {
            if (i == 1)
                await HalfAsync(Work.Apply, ct);
            Do(deeds[i]);
            if (deeds[i].Cells.Length > 1 && deeds.Length == 1)
                await HalfAsync(Work.Apply, ct);
            foreach (var (cell, wanted) in deeds[i].Cells.Skip(1))
                World.Set(cell, wanted, Step);
        }
        CutSessions();
        Freeze(World.No);
        await Scene.MeetAsync(new(Step, Work.Apply, Moment.After), ct);
        if (IsBlind)
            World.Set(Recorded, World.Yes, Step);
        yield break;
    }

    public override async IAsyncEnumerable<Progress> UndoAsync(
        JsonElement before,
        JsonElement? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await Scene.MeetAsync(new(Step, Work.Undo, Moment.Before), ct);
        await Scene.WorkAsync(Step, ct);
        var values = SimulatedState.Values(before);
        RefuseUncarried();
        Freeze(World.BySelf);
        // The last is taken back first; whose copy a store was is only told once its writes were carried back.
        var order = Enumerable
            .Range(0, cells.Length)
            .Reverse()
            .OrderBy(i => cells[i].Aspect == Aspect.Follows)
            .ToArray();
        foreach (var i in order)
        {
            UndoOne(cells[i], values[i + 1]);
            if (i == order[0] && order.Length > 1)
                await HalfAsync(Work.Undo, ct);
        }
        Freeze(World.No);
        World.Count(Step, -1, Repeat);
        World.Set(Recorded, World.No, Step);
        await Scene.MeetAsync(new(Step, Work.Undo, Moment.After), ct);
        yield break;
    }

    public ValueTask<TokenTrace> FindAsync(CancellationToken ct) =>
        ValueTask.FromResult(World.EffectsOf(Step) > 0 ? TokenTrace.Done : TokenTrace.Unknown);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task HalfAsync(Work work, CancellationToken ct)
    {
        await Scene.MeetAsync(new(Step, work, Moment.Half), ct);
        await Scene.WorkAsync(Step, ct);
    }

    /// <summary>The first cell of a deed, and what comes with it.</summary>
    private void Do(Deed deed)
    {
        var (cell, wanted) = deed.Cells[0];
        var isHollow = Scene.IsHollow(Step);
        switch (cell.Aspect)
        {
            case Aspect.Saved:
                Save(deed.Touch, isHollow);
                break;
            case Aspect.Follows when isHollow:
                World.Set(cell with { Aspect = Aspect.Incomplete }, World.Yes, Step);
                break;
            case Aspect.Release when isHollow && deed.Touch.Kind == TouchKind.Create:
                World.Set(cell with { Aspect = Aspect.Sick }, World.Yes, Step);
                break;
            case Aspect.AcceptsWrites when isHollow && wanted == World.No:
                World.Set(cell with { Aspect = Aspect.Astray }, World.Yes, Step);
                break;
            case Aspect.Follows:
                World.Set(cell with { Aspect = Aspect.Incomplete }, World.No, Step);
                RefuseInUse(cell.Subject);
                break;
        }
        World.Set(cell, wanted, Step);
    }

    private void Save(Touch touch, bool isHollow)
    {
        if (isHollow && touch.Proven)
            throw OperationException.Refused("the backup was restored for its proof and is not whole");
        var store = World.Scenery.MemberOf(touch.Resource);
        var held = World.Records.Of(store);
        World.Records.Save(
            Step,
            new Records.Backup(
                store,
                isHollow && held.Count > 0 ? held.Remove(held.Min()) : held,
                held.Count == 0 ? 0 : held.Max(),
                World[new(store, Aspect.Schema)],
                touch.Proven
            )
        );
    }

    private void UndoOne(Cell cell, string value)
    {
        switch (cell.Aspect)
        {
            case Aspect.Saved:
                World.Records.Drop(Step);
                break;
            case Aspect.Follows when value.Length == 0:
                RefuseInUse(cell.Subject);
                break;
            case Aspect.AcceptsWrites when value == World.Yes:
                World.Set(cell with { Aspect = Aspect.Astray }, World.No, Step);
                break;
        }
        World.Set(cell, value, Step);
        if (cell.Aspect == Aspect.AcceptsWrites && value == World.No && Moved(TouchKind.RouteAway) is { } left)
            World.Records.CarryOver(cell.Subject, left);
        // Taking a server off a route again waits for its sessions; a process that is ended does not.
        if (cell.Aspect == Aspect.Routed && value == World.No)
            World.Set(cell with { Aspect = Aspect.Sessions }, World.No, Step);
    }

    /// <summary>The way back of a cut-over carries what was written since to the store that takes the writes again.</summary>
    private void RefuseUncarried()
    {
        if (Moved(TouchKind.RouteAway) is { } left && !World.Is(left, Aspect.Exists))
            throw OperationException.Refused($"{left} is gone: nothing can be carried back to it");
    }

    private string? Moved(TouchKind kind) =>
        deeds
            .FirstOrDefault(deed => deed.Touch.Kind == kind && deed.Cells[0].Cell.Aspect == Aspect.AcceptsWrites)
            ?.Cells[0]
            .Cell.Subject;

    private void RefuseGone()
    {
        foreach (
            var touch in deeds
                .Select(deed => deed.Touch)
                .Where(touch => touch.Kind is not (TouchKind.Create or TouchKind.Destroy))
        )
        {
            foreach (
                var member in touch.Uses.Append(touch.Resource).Where(Members.IsMember).Select(World.Scenery.MemberOf)
            )
            {
                if (!World.Scenery.IsNamed(member) || World.Is(member, Aspect.Exists))
                    continue;
                if (World.Scenery.Beginning.Contains((new(member, Aspect.Exists), World.Yes)))
                    World.Violate(
                        Rules.UsedAfterDestroy,
                        member,
                        $"'{Step}' uses {member}, which has ended before",
                        Step
                    );
                throw OperationException.Refused($"{member} is not there");
            }
        }
    }

    private void RefuseInUse(string store)
    {
        if (World.Is(store, Aspect.AcceptsWrites))
            World.Violate(Rules.WritesLost, store, $"'{Step}' empties {store}, which takes the writes", Step);
    }

    private void Freeze(string value)
    {
        foreach (var store in Deed.Passing(touches).Select(World.Scenery.MemberOf))
            World.Set(new(store, Aspect.Frozen), value, Step);
    }

    private void CutSessions()
    {
        foreach (
            var touch in touches.Where(t =>
                t.Kind == TouchKind.Destroy && t.Resource.EndsWith("/sessions", StringComparison.Ordinal)
            )
        )
        {
            var server = touch with { Resource = touch.Resource[..^"/sessions".Length] };
            World.EndSessions(World.Scenery.PlaceOf(server), Step);
        }
    }

    // Sessions come and go; what a restore brought to another schema is judged where it happened.
    private IEnumerable<string> Lasting(JsonElement state) =>
        SimulatedState.Values(state).Skip(1).Where((_, i) => cells[i].Aspect != Aspect.Sessions);

    private static bool IsMet(Cell cell, string value, string wanted) =>
        value == wanted
        || (
            cell.Aspect == Aspect.Schema
            && int.TryParse(value, CultureInfo.InvariantCulture, out var has)
            && int.TryParse(wanted, CultureInfo.InvariantCulture, out var wants)
            && has >= wants
        );
}
