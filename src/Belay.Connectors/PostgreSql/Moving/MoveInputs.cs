using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>What is wrong with the inputs of every operation of a move.</summary>
internal static class MoveInputs
{
    /// <summary>Both sides are one connection.</summary>
    public static InputProblem ToItself { get; } =
        new("to", "a move leads to another database: name another connection");
}
