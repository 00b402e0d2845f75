using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Connectors.PostgreSql.Moving;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>Which database shall be moved, and where to.</summary>
public sealed record MovableInputs
{
    /// <summary>The database that is in use.</summary>
    [Connection("postgresql")]
    public required string From { get; init; }

    /// <summary>The empty database that shall take its place.</summary>
    [Connection("postgresql")]
    public required string To { get; init; }

    /// <summary>What may stay behind though it is not replicated: unlogged tables by name (<c>public.cache</c>), <c>large objects</c>. Default nothing.</summary>
    public ImmutableArray<string> LeaveBehind { get; init; } = [];
}

/// <summary>What was found.</summary>
public sealed record MovableState
{
    /// <summary>The source's version: 10000 x major + minor.</summary>
    public required int From { get; init; }

    /// <summary>The target's version: 10000 x major + minor.</summary>
    public required int To { get; init; }

    /// <summary>What logical replication does not simply carry over; what stops the move stands first.</summary>
    public required ImmutableArray<MoveFinding> Findings { get; init; }
}

/// <summary>A database can be moved to another server, as an inventory of both says.</summary>
internal sealed class Movable(MovableInputs inputs, IScope scope) : ICheck<MovableState>
{
    /// <summary>The definition of <c>postgresql.movable</c>.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<MovableInputs, MovableState>(
            "postgresql.movable",
            "A database can be moved to another server or version by replication; an inventory of what needs attention",
            options => new MovableContext(options),
            inputs =>
                [
                    new Touch($"postgresql:{inputs.From}", TouchKind.Read),
                    new Touch($"postgresql:{inputs.To}", TouchKind.Read),
                ],
            (inputs, scope) => new Movable(inputs, scope),
            inputs => inputs.From == inputs.To ? [MoveInputs.ToItself] : []
        );

    /// <inheritdoc/>
    public async ValueTask<MovableState> ObserveAsync(CancellationToken ct)
    {
        await using var from = await Side.OpenAsync(inputs.From, scope, ct);
        await using var to = await Side.OpenAsync(inputs.To, scope, ct);
        return new MovableState
        {
            From = from.Version,
            To = to.Version,
            Findings = await new Inventory(from, to, inputs.LeaveBehind).ReadAsync(ct),
        };
    }

    /// <inheritdoc/>
    public Verdict Judge(MovableState observed) =>
        Inventory.Refusal(observed.Findings) is { } why ? new Verdict.Broken(why) : Verdict.Ok;
}

[JsonSerializable(typeof(MovableInputs))]
[JsonSerializable(typeof(MovableState))]
internal sealed partial class MovableContext : JsonSerializerContext;
