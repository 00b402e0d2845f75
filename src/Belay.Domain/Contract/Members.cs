namespace Belay.Domain.Contract;

/// <summary>Which resources are one member: by the address that they say, else by the last part of their names (docs/decisions/0007).</summary>
public sealed class Members
{
    private readonly Dictionary<string, string> byResource = new(StringComparer.Ordinal);

    /// <summary>The members that these touches speak of.</summary>
    public Members(IEnumerable<Touch> touches)
    {
        var addresses = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var touch in touches)
        {
            addresses[touch.Resource] = addresses.GetValueOrDefault(touch.Resource) ?? touch.Address;
            foreach (var other in touch.Uses.Append(touch.Copies).OfType<string>())
                addresses.TryAdd(other, null);
        }
        var named = addresses.Where(known => IsMember(known.Key)).ToArray();
        var byAddress = named
            .Where(known => known.Value is not null)
            .GroupBy(known => known.Value!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => NameOf([.. group.Select(g => g.Key)]), StringComparer.Ordinal);
        foreach (var (resource, address) in addresses)
            byResource[resource] =
                !IsMember(resource) ? resource
                : address is not null ? byAddress[address]
                : Thing(resource);
        Named = named
            .Where(known => !IsFrontDoor(known.Key))
            .Select(known => byResource[known.Key])
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Members that more is known of than that something answers at their address.</summary>
    public IReadOnlySet<string> Named { get; }

    /// <summary>The member of a resource.</summary>
    public string Of(string resource) => byResource.GetValueOrDefault(resource) ?? Thing(resource);

    /// <summary>The route that a resource is a place of: <c>shop</c> of <c>haproxy:shop/web1</c>.</summary>
    public static string RouteOf(string resource) =>
        Rest(resource) is var rest && rest.LastIndexOf('/') is > 0 and var slash ? rest[..slash] : Thing(resource);

    /// <summary>Files and commands are no members.</summary>
    public static bool IsMember(string resource) =>
        !resource.StartsWith("file:", StringComparison.Ordinal)
        && !resource.StartsWith("shell:", StringComparison.Ordinal);

    private static bool IsFrontDoor(string resource) => resource.StartsWith("http:", StringComparison.Ordinal);

    // A URL's own name is its address: any other name says more.
    private static string NameOf(string[] resources) =>
        Thing(resources.FirstOrDefault(resource => !IsFrontDoor(resource)) ?? resources[0]);

    private static string Thing(string resource) =>
        Rest(resource) is var rest && rest.LastIndexOf('/') is >= 0 and var slash ? rest[(slash + 1)..] : rest;

    private static string Rest(string resource) =>
        resource.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? resource[(colon + 1)..] : resource;
}
