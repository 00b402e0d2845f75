using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace SimulatedWorld.Watched;

/// <summary>A change whose every use the world can listen to.</summary>
internal sealed class WatchedChangeDefinition : ChangeDefinition
{
    private readonly ChangeDefinition inner;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public WatchedChangeDefinition(ChangeDefinition inner)
        : base(inner.Name, inner.Summary) => (this.inner, Reversal, IsBackup) = (inner, inner.Reversal, inner.IsBackup);

    public override JsonTypeInfo Inputs => inner.Inputs;

    public override JsonTypeInfo State => inner.State;

    public override ImmutableArray<Touch> TouchesOf(JsonElement inputs) => inner.TouchesOf(inputs);

    public override ImmutableArray<InputProblem> Validate(JsonElement inputs) => inner.Validate(inputs);

    public override Reversal ReversalOf(JsonElement inputs) => inner.ReversalOf(inputs);

    public override Repeat RepeatOf(JsonElement inputs) => inner.RepeatOf(inputs);

    public override BoundChange Create(JsonElement inputs, IScope scope)
    {
        var change = inner.Create(inputs, scope);
        var world = scope.Connection<World>(Toys.Connection);
        return world.OnMade?.Invoke(new Made(scope.StepId, Name, inputs, change, Check: null)) is { } transcript
            ? new WatchedChange(change, transcript)
            : change;
    }
}

/// <summary>A check whose every use the world can listen to.</summary>
internal sealed class WatchedCheckDefinition(CheckDefinition inner) : CheckDefinition(inner.Name, inner.Summary)
{
    public override JsonTypeInfo Inputs => inner.Inputs;

    public override JsonTypeInfo State => inner.State;

    public override ImmutableArray<Touch> TouchesOf(JsonElement inputs) => inner.TouchesOf(inputs);

    public override ImmutableArray<InputProblem> Validate(JsonElement inputs) => inner.Validate(inputs);

    public override BoundCheck Create(JsonElement inputs, IScope scope)
    {
        var check = inner.Create(inputs, scope);
        var world = scope.Connection<World>(Toys.Connection);
        return world.OnMade?.Invoke(new Made(scope.StepId, Name, inputs, Change: null, check)) is { } transcript
            ? new WatchedCheck(check, transcript)
            : check;
    }
}
