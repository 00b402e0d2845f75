using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Belay.Connectors.Elasticsearch;

/// <summary>The request of a reindex. Pure.</summary>
internal static class ReindexRequest
{
    /// <summary>The rest of its query.</summary>
    public static string Options(ReindexInputs inputs)
    {
        var options = new StringBuilder();
        if (inputs.DocumentsPerSecond is { } rate)
            options.Append(CultureInfo.InvariantCulture, $"&requests_per_second={rate}");
        if (inputs.Slices > 1)
            options.Append(CultureInfo.InvariantCulture, $"&slices={inputs.Slices}");
        return options.ToString();
    }

    /// <summary>Its body: never over a document of the same version or a later one, and not ended by finding such.</summary>
    /// <param name="inputs">The step's.</param>
    /// <param name="query">Which documents; null: all.</param>
    /// <param name="remote">The cluster of the source; null: the target's own.</param>
    public static JsonObject Body(ReindexInputs inputs, JsonObject? query, ElasticsearchSettings? remote)
    {
        var source = new JsonObject { ["index"] = inputs.From, ["size"] = inputs.Batch };
        if (query is not null)
            source["query"] = query.DeepClone();
        if (remote is not null)
            source["remote"] = Remote(remote);
        return new JsonObject
        {
            ["conflicts"] = "proceed",
            ["source"] = source,
            ["dest"] = new JsonObject { ["index"] = inputs.To, ["version_type"] = "external" },
        };
    }

    // The host must have a port here (docs-reindex.html#reindex-from-remote).
    private static JsonObject Remote(ElasticsearchSettings settings)
    {
        var url = new Uri(settings.Url);
        var remote = new JsonObject
        {
            ["host"] = $"{url.Scheme}://{url.Host}:{url.Port}{url.AbsolutePath.TrimEnd('/')}",
        };
        if (settings.ApiKey is { } key)
            remote["headers"] = new JsonObject { ["Authorization"] = $"ApiKey {key.Reveal()}" };
        else if (settings.User is { } user)
            (remote["username"], remote["password"]) = (user, settings.Password?.Reveal());
        return remote;
    }
}
