using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Belay.Connectors.Oci;

/// <summary>How a registry wants to be convinced: <c>WWW-Authenticate</c> (RFC 9110, section 11.6.1). Pure.</summary>
/// <param name="Realm">Where a token is given; null: user and password are enough.</param>
/// <param name="Service">The service that the token is for.</param>
/// <param name="Scope">What it allows.</param>
internal sealed partial record Challenge(string? Realm, string? Service, string? Scope)
{
    /// <summary>The challenge of an answer; null: it has none that is known here.</summary>
    public static Challenge? Of(HttpResponseMessage answer)
    {
        foreach (AuthenticationHeaderValue header in answer.Headers.WwwAuthenticate)
        {
            if (header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
                return new Challenge(null, null, null);
            if (!header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
                continue;
            var said = Parameters()
                .Matches(header.Parameter ?? "")
                .ToDictionary(
                    match => match.Groups["name"].Value,
                    match => match.Groups["value"].Value,
                    StringComparer.OrdinalIgnoreCase
                );
            return new Challenge(
                said.GetValueOrDefault("realm"),
                said.GetValueOrDefault("service"),
                said.GetValueOrDefault("scope")
            );
        }
        return null;
    }

    /// <summary>Where to ask for the token.</summary>
    public Uri TokenUrl(string realm, string repository)
    {
        var separator = realm.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var scope = Uri.EscapeDataString(Scope ?? $"repository:{repository}:pull");
        return new Uri($"{realm}{separator}service={Uri.EscapeDataString(Service ?? "")}&scope={scope}");
    }

    [GeneratedRegex(@"(?<name>\w+)=""(?<value>[^""]*)""", RegexOptions.NonBacktracking)]
    private static partial Regex Parameters();
}
