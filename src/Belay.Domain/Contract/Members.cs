namespace Belay.Domain.Contract;

/// <summary>Which resources are one member: by the address that they say, else by the last part of their names (docs/decisions/0007).</summary>
public sealed class Members
{
    private readonly Dictionary<string, string> parents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    /// <summary>The members that these touches speak of.</summary>
    public Members(IEnumerable<Touch> touches)
    {
        var addresses = AddressesOf(touches);
        foreach (var resource in addresses.Keys)
            parents[resource] = resource;
        JoinAddresses(addresses);
        JoinNames(addresses);
        Name(addresses);
    }

    /// <summary>Members that more is known of than that something answers at their address.</summary>
    public IReadOnlySet<string> Named { get; private set; } = new HashSet<string>();

    /// <summary>The name of the member to which a resource belongs; files and commands are only themselves.</summary>
    public string Of(string resource) =>
        !IsMember(resource) ? resource
        : parents.ContainsKey(resource) ? names[RootOf(resource)]
        : Thing(resource);

    /// <summary>The route that a resource is a place of: <c>shop</c> of <c>haproxy:shop/web1</c>.</summary>
    public static string RouteOf(string resource) =>
        Rest(resource) is var rest && rest.LastIndexOf('/') is > 0 and var slash ? rest[..slash] : Thing(resource);

    /// <summary>Files and commands serve nobody.</summary>
    public static bool IsMember(string resource) =>
        !resource.StartsWith("file:", StringComparison.Ordinal)
        && !resource.StartsWith("shell:", StringComparison.Ordinal);

    private static Dictionary<string, string?> AddressesOf(IEnumerable<Touch> touches)
    {
        var addresses = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var touch in touches)
        {
            if (IsMember(touch.Resource))
                addresses[touch.Resource] = addresses.GetValueOrDefault(touch.Resource) ?? touch.Address;
            foreach (var other in touch.Uses.Append(touch.Copies).OfType<string>().Where(IsMember))
                addresses.TryAdd(other, null);
        }
        return addresses;
    }

    private void JoinAddresses(Dictionary<string, string?> addresses)
    {
        foreach (
            var place in addresses
                .Where(known => known.Value is not null)
                .GroupBy(known => known.Value, StringComparer.Ordinal)
        )
            Join([.. place.Select(known => known.Key)]);
    }

    /// <summary>Equal names alone join nothing where all addresses are known.</summary>
    private void JoinNames(Dictionary<string, string?> addresses)
    {
        foreach (var alike in addresses.GroupBy(known => Thing(known.Key), StringComparer.Ordinal))
        {
            if (alike.Any(known => known.Value is null))
                Join([.. alike.Select(known => known.Key)]);
        }
    }

    private void Name(Dictionary<string, string?> addresses)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in addresses.Keys.GroupBy(RootOf, StringComparer.Ordinal))
        {
            // A URL's own name is its address: any other name says more.
            var telling = member.FirstOrDefault(resource => !IsFrontDoor(resource));
            var name = Thing(telling ?? member.First());
            if (!taken.Add(name))
                taken.Add(
                    name = $"{name} at {member.Select(resource => addresses[resource]).First(at => at is not null)}"
                );
            names[member.Key] = name;
            if (telling is not null)
                named.Add(name);
        }
        Named = named;
    }

    private void Join(string[] resources)
    {
        foreach (var resource in resources)
            parents[RootOf(resource)] = RootOf(resources[0]);
    }

    private string RootOf(string resource)
    {
        var root = resource;
        while (parents[root] != root)
            root = parents[root];
        // Shortens the way for the next one.
        parents[resource] = root;
        return root;
    }

    private static bool IsFrontDoor(string resource) => resource.StartsWith("http:", StringComparison.Ordinal);

    private static string Thing(string resource) =>
        Rest(resource) is var rest && rest.LastIndexOf('/') is >= 0 and var slash ? rest[(slash + 1)..] : rest;

    private static string Rest(string resource) =>
        resource.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? resource[(colon + 1)..] : resource;
}
