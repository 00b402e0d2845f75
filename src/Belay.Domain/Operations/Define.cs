using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Domain.Operations;

/// <summary>How an operation's file states what the operation is. See any file of a connector for an example.</summary>
public static class Define
{
    /// <summary>Defines a change.</summary>
    /// <param name="name"><c>connector.verb-object</c>.</param>
    /// <param name="summary">One line, without a full stop.</param>
    /// <param name="json">Makes the operation's generated JSON context with Belay's options.</param>
    /// <param name="reversal">The weakest reversal with any inputs.</param>
    /// <param name="touches">What a step with these inputs touches. Pure.</param>
    /// <param name="create">Makes the operation for one step.</param>
    /// <param name="reversalOf">The reversal with these inputs; null: always <paramref name="reversal"/>. Pure.</param>
    /// <param name="validate">What is wrong with inputs of the right type; null: nothing can be. Pure.</param>
    /// <param name="repeatOf">What repeating means with these inputs, the same as the operation's <see cref="IChange{TState}.Repeat"/>; null: always <see cref="Repeat.Safe"/>. Pure.</param>
    public static ChangeDefinition Change<TInputs, TState>(
        string name,
        string summary,
        Func<JsonSerializerOptions, JsonSerializerContext> json,
        Reversal reversal,
        Func<TInputs, IEnumerable<Touch>> touches,
        Func<TInputs, IScope, IChange<TState>> create,
        Func<TInputs, Reversal>? reversalOf = null,
        Func<TInputs, IEnumerable<InputProblem>>? validate = null,
        Func<TInputs, Repeat>? repeatOf = null
    )
        where TInputs : class
        where TState : class =>
        new Change<TInputs, TState>(
            name,
            summary,
            new Shape<TInputs, TState>(json, touches, validate),
            create,
            reversalOf ?? (_ => reversal),
            repeatOf ?? (_ => Repeat.Safe)
        )
        {
            Reversal = reversal,
            IsBackup = false,
        };

    /// <summary>Defines a change that is a backup. Its reversal is <see cref="Reversal.Exact"/>: undo removes what it made.</summary>
    /// <inheritdoc cref="Change{TInputs,TState}"/>
    public static ChangeDefinition Backup<TInputs, TState>(
        string name,
        string summary,
        Func<JsonSerializerOptions, JsonSerializerContext> json,
        Func<TInputs, IEnumerable<Touch>> touches,
        Func<TInputs, IScope, IBackup<TState>> create,
        Func<TInputs, IEnumerable<InputProblem>>? validate = null
    )
        where TInputs : class
        where TState : class =>
        new Change<TInputs, TState>(
            name,
            summary,
            new Shape<TInputs, TState>(json, touches, validate),
            create,
            _ => Reversal.Exact,
            _ => Repeat.Safe
        )
        {
            Reversal = Reversal.Exact,
            IsBackup = true,
        };

    /// <summary>Defines a check.</summary>
    /// <inheritdoc cref="Change{TInputs,TState}"/>
    public static CheckDefinition Check<TInputs, TState>(
        string name,
        string summary,
        Func<JsonSerializerOptions, JsonSerializerContext> json,
        Func<TInputs, IEnumerable<Touch>> touches,
        Func<TInputs, IScope, ICheck<TState>> create,
        Func<TInputs, IEnumerable<InputProblem>>? validate = null
    )
        where TInputs : class
        where TState : class =>
        new Check<TInputs, TState>(name, summary, new Shape<TInputs, TState>(json, touches, validate), create);
}

/// <summary>The types of an operation, and the pure functions over its inputs.</summary>
internal sealed class Shape<TInputs, TState>(
    Func<JsonSerializerOptions, JsonSerializerContext> json,
    Func<TInputs, IEnumerable<Touch>> touches,
    Func<TInputs, IEnumerable<InputProblem>>? validate
)
    where TInputs : class
    where TState : class
{
    // Made on first use: a program that only prints its version should not build the metadata of every operation.
    private readonly Lazy<JsonTypeInfo> inputs = new(() => InitializedMembers.Shape(json, typeof(TInputs)));
    private readonly Lazy<JsonTypeInfo> state = new(() => InitializedMembers.Shape(json, typeof(TState)));

    public JsonTypeInfo<TInputs> Inputs => (JsonTypeInfo<TInputs>)inputs.Value;

    public JsonTypeInfo<TState> State => (JsonTypeInfo<TState>)state.Value;

    public TInputs Read(JsonElement inputs) =>
        inputs.Deserialize(Inputs) ?? throw new JsonException("inputs are missing");

    public ImmutableArray<Touch> TouchesOf(JsonElement inputs) => [.. touches(Read(inputs))];

    public ImmutableArray<InputProblem> Validate(JsonElement inputs) =>
        validate is null ? [] : [.. validate(Read(inputs))];
}

internal sealed class Change<TInputs, TState>(
    string name,
    string summary,
    Shape<TInputs, TState> shape,
    Func<TInputs, IScope, IChange<TState>> create,
    Func<TInputs, Reversal> reversalOf,
    Func<TInputs, Repeat> repeatOf
) : ChangeDefinition(name, summary)
    where TInputs : class
    where TState : class
{
    public override JsonTypeInfo Inputs => shape.Inputs;

    public override JsonTypeInfo State => shape.State;

    public override ImmutableArray<Touch> TouchesOf(JsonElement inputs) => shape.TouchesOf(inputs);

    public override ImmutableArray<InputProblem> Validate(JsonElement inputs) => shape.Validate(inputs);

    public override Reversal ReversalOf(JsonElement inputs) => reversalOf(shape.Read(inputs));

    public override Repeat RepeatOf(JsonElement inputs) => repeatOf(shape.Read(inputs));

    public override BoundChange Create(JsonElement inputs, IScope scope) =>
        new BoundChange<TState>(create(shape.Read(inputs), scope), shape.State);
}

internal sealed class Check<TInputs, TState>(
    string name,
    string summary,
    Shape<TInputs, TState> shape,
    Func<TInputs, IScope, ICheck<TState>> create
) : CheckDefinition(name, summary)
    where TInputs : class
    where TState : class
{
    public override JsonTypeInfo Inputs => shape.Inputs;

    public override JsonTypeInfo State => shape.State;

    public override ImmutableArray<Touch> TouchesOf(JsonElement inputs) => shape.TouchesOf(inputs);

    public override ImmutableArray<InputProblem> Validate(JsonElement inputs) => shape.Validate(inputs);

    public override BoundCheck Create(JsonElement inputs, IScope scope) =>
        new BoundCheck<TState>(create(shape.Read(inputs), scope), shape.State);
}
