using System.Collections.Immutable;

namespace Belay.Parts;

/// <summary>Which of the two servers that speak the same protocol.</summary>
public enum RedisFlavor
{
    /// <summary>Redis 7.</summary>
    Redis,

    /// <summary>Valkey 8.</summary>
    Valkey,
}

/// <summary>What a test asks of a Redis or Valkey server.</summary>
public sealed record RedisOptions
{
    /// <summary>Redis, if not said otherwise.</summary>
    public RedisFlavor Flavor { get; init; } = RedisFlavor.Redis;

    /// <summary>The default user's password; none by default.</summary>
    public string? Password { get; init; }

    /// <summary>More lines of its configuration file, for example <c>maxmemory 1mb</c>.</summary>
    public ImmutableArray<string> Configuration { get; init; } = [];

    /// <summary>The folder of its data and log, kept afterwards; by default a temporary one, which is removed.</summary>
    public string? Folder { get; init; }
}
