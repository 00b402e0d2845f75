using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Connectors.Http;

/// <summary>A request as a value.</summary>
internal sealed record HttpCall
{
    public required HttpMethod Method { get; init; }

    public required string Url { get; init; }

    public ImmutableSortedDictionary<string, Secret> Headers { get; init; } =
        ImmutableSortedDictionary<string, Secret>.Empty;

    public JsonElement? Body { get; init; }

    /// <summary>The request in messages: without query and fragment and values of placeholders, where secrets lie at times.</summary>
    public required string Name { get; init; }

    /// <summary>A URL without its query and fragment.</summary>
    public static string Shown(string url) => url.Split('?', '#')[0];

    /// <summary>The resource of a URL's service: <c>http:host:port</c>. The URL may hold references that only the run resolves.</summary>
    public static string Resource(string url)
    {
        var rest = url.IndexOf("://", StringComparison.Ordinal) is var i and >= 0 ? url[(i + 3)..] : url;
        return "http:" + rest.Split('/', '?', '#')[0];
    }

    /// <summary>Where a URL's service is, <c>host:port</c>. The URL may hold references that only the run resolves.</summary>
    public static string Address(string url)
    {
        var authority = Resource(url)["http:".Length..];
        var isSecure = url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        return authority.Contains(':', StringComparison.Ordinal) || authority.Contains('}', StringComparison.Ordinal)
            ? authority
            : $"{authority}:{(isSecure ? 443 : 80)}";
    }

    /// <summary>What is wrong with a text that must be an absolute http or https URL; null: nothing.</summary>
    /// <remarks>A user and a password in a URL (RFC 3986, section 3.2.1) would be journaled and shown with it, and no request would send them.</remarks>
    public static string? Problem(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var uri)
        || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            ? $"'{url}' is no absolute URL: http://host/path or https://host/path"
        : uri.UserInfo.Length > 0
            ? $"the URL of {uri.Host} holds a user or a password, which everybody would see: give a header Authorization with a secret"
        : null;
}
