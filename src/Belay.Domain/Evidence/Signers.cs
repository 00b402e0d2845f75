using System.Collections.Frozen;

namespace Belay.Domain.Evidence;

/// <summary>The keys of an environment's people, and whether they must sign.</summary>
public sealed record Signers
{
    /// <summary>Nobody has a key, and nobody must sign.</summary>
    public static Signers None { get; } = new();

    /// <summary>The key of each person who has one: from then on their word counts only when it is signed.</summary>
    public FrozenDictionary<string, PublicKey> Keys { get; init; } = FrozenDictionary<string, PublicKey>.Empty;

    /// <summary>From which moment (UTC) on signatures with a key do not count any more, by the key's id; a key that is not in it was not revoked.</summary>
    public FrozenDictionary<string, DateTimeOffset> Revoked { get; init; } =
        FrozenDictionary<string, DateTimeOffset>.Empty;

    /// <summary>Whether a word counts only with a signature, also of people who have no key. Default false.</summary>
    public bool Required { get; init; }

    /// <summary>A person's key; null when they have none.</summary>
    public PublicKey? KeyOf(string person) => Keys.GetValueOrDefault(person);

    /// <summary>When a key was revoked (UTC); null: it was not.</summary>
    public DateTimeOffset? RevokedAt(PublicKey key) => Revoked.TryGetValue(key.Id, out var since) ? since : null;

    /// <summary>Whose key it is; null when it is nobody's.</summary>
    public string? OwnerOf(PublicKey key) =>
        Keys.Where(known => known.Value.Equals(key))
            .Select(known => known.Key)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
}
