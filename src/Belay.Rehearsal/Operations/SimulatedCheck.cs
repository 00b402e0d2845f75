using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Rehearsal.Stories;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Operations;

/// <summary>A check of the catalog, answered by the world as far as the check says what it proves. What proves nothing holds.</summary>
internal sealed class SimulatedCheck(
    CheckDefinition definition,
    JsonElement inputs,
    string step,
    string sample,
    Scene scene
) : BoundCheck
{
    private readonly ImmutableArray<Touch> touches = definition.TouchesOf(inputs);

    private World World => scene.World;

    public override async ValueTask<JsonElement> ObserveAsync(CancellationToken ct)
    {
        if (scene.IsWatch(step))
            return SimulatedState.Of(sample, [scene.WatchFails ? "it fails" : Why()]);
        await scene.MeetAsync(new(step, Work.Check, Moment.Before), ct);
        return SimulatedState.Of(sample, [Why()]);
    }

    public override Verdict Judge(JsonElement observed) =>
        SimulatedState.Values(observed) is [{ Length: > 0 } why] ? new Verdict.NotYet(why) : Verdict.Ok;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string Why() => string.Join("; ", touches.Select(Why).OfType<string>());

    private string? Why(Touch touch) =>
        touch.Proves switch
        {
            Proof.Serves => Serves(World.Scenery.MemberOf(touch.Resource)),
            Proof.Idle => Idle(touch),
            Proof.Same => Same(World.Scenery.MemberOf(touch.Copies!), World.Scenery.MemberOf(touch.Resource)),
            Proof.Schema => Schema(World.Scenery.MemberOf(touch.Resource), touch.Schema!),
            _ => null,
        };

    // An address that belongs to no member is the front door.
    private string? Serves(string member) =>
        World.Scenery.IsNamed(member)
            ? !World.Is(member, Aspect.Exists)
                ? $"nothing answers on {member}"
                : World.Is(member, Aspect.Sick)
                    ? $"{member} does not answer as it should"
                    : World.WhyOutside(member)
            : World
                .Scenery.Routes.Keys.Where(route => World.Scenery.IsServedAtFirst(route) && !World.Serving(route).Any())
                .Select(route => $"nobody serves {route}")
                .FirstOrDefault();

    private string? Idle(Touch touch)
    {
        var member = World.Scenery.MemberOf(touch.Resource);
        if (World.Scenery.Stores.Contains(member))
            return World.Is(member, Aspect.AcceptsWrites) ? $"{member} takes the writes"
                : World.Is(member, Aspect.Astray) ? $"a client still uses {member}"
                : null;
        var place = World.Scenery.PlaceOf(touch);
        if (World.Is(place, Aspect.Routed))
            return $"{place} gets traffic";
        if (!World.Scenery.RoutesOf(member).Any())
            place = member;
        if (!World.Is(place, Aspect.Sessions))
            return null;
        // Off its route its sessions end after a while: whoever asks again will see it.
        World.Set(new(place, Aspect.Sessions), World.No, step);
        return $"{place} has sessions";
    }

    private string? Same(string source, string copy) =>
        World.Records.Of(source).Except(World.Records.Of(copy)).Count > 1 || World.Is(copy, Aspect.Incomplete)
            ? $"{copy} lacks something that {source} holds"
            : null;

    private string? Schema(string store, SchemaWindow window) =>
        int.TryParse(World[new(store, Aspect.Schema)], CultureInfo.InvariantCulture, out var schema)
        && (schema < window.Least || schema > window.Greatest)
            ? $"{store} is at schema {schema}"
            : null;
}
