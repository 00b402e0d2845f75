using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Belay.Domain.Environments;

/// <summary>Which systems an environment consists of, by the ids that they give themselves.</summary>
public sealed record EnvironmentIdentity
{
    /// <summary>Nothing is known.</summary>
    public static EnvironmentIdentity None { get; } = new();

    /// <summary>The systems whose id is known, by the name of their connection.</summary>
    public ImmutableSortedDictionary<string, KnownSystem> Systems { get; init; } =
        ImmutableSortedDictionary<string, KnownSystem>.Empty;

    /// <summary>The connections whose system was not compared, and why: it could not be read, or has no id. Null: none.</summary>
    public ImmutableSortedDictionary<string, string>? NotCompared { get; init; }

    /// <summary>SHA-256, lower-case hex, of each known system's connection and id, a line each; null when none is known.</summary>
    public string? Hash() =>
        Systems.IsEmpty
            ? null
            : Convert.ToHexStringLower(
                SHA256.HashData(
                    Encoding.UTF8.GetBytes(
                        string.Concat(
                            Systems
                                .OrderBy(system => system.Key, StringComparer.Ordinal)
                                .Select(system => $"{system.Key}\t{system.Value.Id}\n")
                        )
                    )
                )
            );
}

/// <summary>A system whose id is known.</summary>
public sealed record KnownSystem
{
    /// <summary>The id that it gives itself.</summary>
    public required string Id { get; init; }

    /// <summary>Since when (UTC) this id is the known one.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Who said that this system takes the place of another one; null: it is the first one that was seen.</summary>
    public AcceptedSystem? Accepted { get; init; }
}

/// <summary>A person's word that a system takes the place of another one.</summary>
public sealed record AcceptedSystem
{
    /// <summary>Who.</summary>
    public required string By { get; init; }

    /// <summary>Why, in their words.</summary>
    public required string Reason { get; init; }

    /// <summary>The id of the system that was there before; null: none was known.</summary>
    public string? Was { get; init; }
}
