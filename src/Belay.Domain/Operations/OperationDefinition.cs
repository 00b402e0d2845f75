using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Contract;

namespace Belay.Domain.Operations;

/// <summary>What an operation is, before there is a step of it: its name, its types, what it touches. Everything else (schema, reference, completion, lint) is made from this.</summary>
public abstract class OperationDefinition
{
    /// <summary>A definition of its own: of a connector through <see cref="Define"/>, of the rehearsal in the place of one.</summary>
    protected OperationDefinition(string name, string summary)
    {
        Name = name;
        Summary = summary;
    }

    /// <summary><c>connector.verb-object</c>.</summary>
    public string Name { get; }

    /// <summary>What it does, in one line, without a full stop.</summary>
    public string Summary { get; }

    /// <summary>The type of its inputs, a sealed record; JSON shape included.</summary>
    public abstract JsonTypeInfo Inputs { get; }

    /// <summary>The type of its states, a sealed record; also what later steps may refer to as <c>${steps.id.member}</c>.</summary>
    public abstract JsonTypeInfo State { get; }

    /// <summary>The connections that a step with these inputs names. Pure.</summary>
    public ImmutableArray<string> ConnectionsOf(JsonElement inputs) =>
        inputs.ValueKind != JsonValueKind.Object
            ? []
            :
            [
                .. Inputs
                    .Properties.Where(member =>
                        member.AttributeProvider?.IsDefined(typeof(ConnectionAttribute), inherit: true) == true
                    )
                    .SelectMany(member => inputs.TryGetProperty(member.Name, out var named) ? Texts(named) : [])
                    .Distinct(StringComparer.Ordinal),
            ];

    private static IEnumerable<string> Texts(JsonElement named) =>
        named.ValueKind switch
        {
            JsonValueKind.String => [named.GetString()!],
            JsonValueKind.Array => named.EnumerateArray().SelectMany(Texts),
            _ => [],
        };

    /// <summary>What a step with these inputs reads or alters. Pure.</summary>
    /// <exception cref="JsonException">The inputs do not fit their type, for instance because a reference in them is not resolved yet.</exception>
    public abstract ImmutableArray<Touch> TouchesOf(JsonElement inputs);

    /// <summary>What is wrong with inputs that fit their type; empty when nothing is. Pure.</summary>
    /// <exception cref="JsonException">The inputs do not fit their type.</exception>
    public abstract ImmutableArray<InputProblem> Validate(JsonElement inputs);
}

/// <summary>Something wrong with an input.</summary>
/// <param name="Member">The member's name as the plan file writes it; dots lead inside.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record InputProblem(string Member, string Message);

/// <summary>The definition of a change.</summary>
public abstract class ChangeDefinition : OperationDefinition
{
    /// <inheritdoc/>
    protected ChangeDefinition(string name, string summary)
        : base(name, summary) { }

    /// <summary>The weakest reversal that the operation can have with any inputs; for the reference.</summary>
    public required Reversal Reversal { get; init; }

    /// <summary>Whether the operation is an <see cref="IBackup{TState}"/>.</summary>
    public required bool IsBackup { get; init; }

    /// <summary>How a step with these inputs can be taken back, as far as the inputs tell. Pure.</summary>
    /// <exception cref="JsonException">The inputs do not fit their type.</exception>
    public abstract Reversal ReversalOf(JsonElement inputs);

    /// <summary>What doing the work of a step with these inputs again means. Pure.</summary>
    /// <exception cref="JsonException">The inputs do not fit their type.</exception>
    public abstract Repeat RepeatOf(JsonElement inputs);

    /// <summary>Makes the operation for one step of one run.</summary>
    /// <exception cref="JsonException">The inputs do not fit their type.</exception>
    public abstract BoundChange Create(JsonElement inputs, IScope scope);
}

/// <summary>The definition of a check.</summary>
public abstract class CheckDefinition : OperationDefinition
{
    /// <inheritdoc/>
    protected CheckDefinition(string name, string summary)
        : base(name, summary) { }

    /// <summary>Makes the operation for one step of one run.</summary>
    /// <exception cref="JsonException">The inputs do not fit their type.</exception>
    public abstract BoundCheck Create(JsonElement inputs, IScope scope);
}
