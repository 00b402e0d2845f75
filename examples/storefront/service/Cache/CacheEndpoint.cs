namespace Storefront.Cache;

/// <summary>Where the session cache is.</summary>
internal sealed record CacheEndpoint
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Null where the cache asks for none.</summary>
    public required string? Password { get; init; }

    /// <summary>
    /// Reads <c>CACHE_ENDPOINT=host:port</c> and <c>CACHE_PASSWORD=...</c> from the lines of an env file. Null when the
    /// lines name no endpoint: a file that is just being written is no reason to forget the endpoint in use.
    /// </summary>
    public static CacheEndpoint? Parse(IEnumerable<string> lines)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in lines)
        {
            if (line.Split('=', 2) is [var key, var value] && !key.StartsWith('#'))
                values[key.Trim()] = value.Trim();
        }
        return
            values.TryGetValue("CACHE_ENDPOINT", out var text)
            && text.LastIndexOf(':') is var colon and > 0
            && int.TryParse(text[(colon + 1)..], out var port)
            ? new CacheEndpoint
            {
                Host = text[..colon],
                Port = port,
                Password = values.GetValueOrDefault("CACHE_PASSWORD") is { Length: > 0 } password ? password : null,
            }
            : null;
    }

    /// <summary>Without the password: this text is shown on the status page.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
