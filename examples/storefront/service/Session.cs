namespace Storefront;

/// <summary>One logged-in user as the cache keeps them.</summary>
internal sealed record Session
{
    public required string Token { get; init; }

    public required string Customer { get; init; }

    /// <summary>What lies in the user's cart.</summary>
    public required string Cart { get; init; }

    /// <summary>When the session ends by itself, in milliseconds since 1970-01-01 UTC.</summary>
    public required long ExpiresAt { get; init; }
}
