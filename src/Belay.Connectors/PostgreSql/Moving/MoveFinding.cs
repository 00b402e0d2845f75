namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>Something that a move by logical replication does not simply carry over.</summary>
/// <param name="Subject">What it is about: <c>public.orders</c>, <c>role shop</c>, <c>old</c>.</param>
/// <param name="Says">What is the matter, and what to do, or how the move handles it.</param>
/// <param name="Stops">Whether the move is refused because of it.</param>
public sealed record MoveFinding(string Subject, string Says, bool Stops)
{
    /// <summary>A finding that stops the move.</summary>
    internal static MoveFinding Stop(string subject, string says) => new(subject, says, Stops: true);

    /// <summary>A finding that the move handles, or that only needs to be known.</summary>
    internal static MoveFinding Note(string subject, string says) => new(subject, says, Stops: false);
}
