namespace Belay.Domain.Lint;

/// <summary>Resources are named <c>system:place/thing</c>: what lies under a name belongs to it.</summary>
internal static class ResourceNames
{
    /// <summary>The resource, and all in which it lies: <c>a:b/c</c>, <c>a:b</c>.</summary>
    public static IEnumerable<string> WithParents(string resource)
    {
        yield return resource;
        var begin = resource.IndexOf(':', StringComparison.Ordinal) + 1;
        for (var end = resource.LastIndexOf('/'); end > begin; end = resource.LastIndexOf('/', end - 1))
            yield return resource[..end];
    }

    /// <summary>Whether a resource is another one, or lies in it.</summary>
    public static bool IsWithin(string resource, string outer) =>
        resource.StartsWith(outer, StringComparison.Ordinal)
        && (resource.Length == outer.Length || resource[outer.Length] == '/');

    /// <summary>What stands between the system and the first place inside: <c>b</c> of <c>a:b/c</c>; for a store the name of its connection.</summary>
    public static string PlaceOf(string resource)
    {
        var begin = resource.IndexOf(':', StringComparison.Ordinal) + 1;
        var end = resource.IndexOf('/', begin);
        return end < 0 ? resource[begin..] : resource[begin..end];
    }

    /// <summary>Whether the name says only which command is run, and nothing of what it touches.</summary>
    public static bool IsCommand(string resource) => resource.StartsWith("shell:", StringComparison.Ordinal);
}
