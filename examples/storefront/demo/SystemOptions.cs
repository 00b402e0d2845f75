using System.Collections.Immutable;

namespace Storefront.Demo;

/// <summary>How the live system is made.</summary>
internal sealed record SystemOptions
{
    /// <summary>Where all its files go.</summary>
    public required string Folder { get; init; }

    public int Sessions { get; init; } = 20_000;

    public int Orders { get; init; } = 5_000;

    /// <summary>More configuration lines of the new cache.</summary>
    public ImmutableArray<string> NewCacheConfiguration { get; init; } = [];

    /// <summary>Settings of the new servers that differ from what they should be.</summary>
    public ImmutableDictionary<string, string> NewServerSettings { get; init; } =
        ImmutableDictionary<string, string>.Empty;
}
