namespace Belay.Domain.Evidence;

/// <summary>A person's signature under one fact, kept in the journal with it.</summary>
public sealed record FactSignature
{
    /// <summary>The key, by its id.</summary>
    public required string Key { get; init; }

    /// <summary>When the person signed, by the clock of their machine, UTC.</summary>
    public required DateTimeOffset On { get; init; }

    /// <summary>The signature in base64, over the <see cref="PersonalFact"/>.</summary>
    public required string Value { get; init; }
}
