using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>An index of another cluster, read by its REST API: https://www.elastic.co/guide/en/elasticsearch/reference/8.15/docs-reindex.html#reindex-from-remote</summary>
internal sealed class RemoteSource(JsonObject remote, string index, JsonNode? query)
{
    private const int PageSize = 1000;

    /// <exception cref="ApiException">The node's configuration does not name it.</exception>
    public static void RequireAllowed(JsonObject remote, IReadOnlyList<string> allowed)
    {
        var place = new Uri(remote["host"]!.ToString()).Authority;
        if (!allowed.Contains(place))
            throw new ApiException(
                400,
                "illegal_argument_exception",
                $"[{place}] not whitelisted in reindex.remote.whitelist"
            );
    }

    public async Task<StoredDocument[]> ReadAsync()
    {
        using var client = new HttpClient();
        if (remote["username"] is { } user)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{remote["password"]}"))
            );
        var found = new List<StoredDocument>();
        var body = new JsonObject
        {
            ["size"] = PageSize,
            ["version"] = true,
            ["query"] = query?.DeepClone(),
        };
        var page = await PostAsync(client, $"{index}/_search?scroll=1m", body);
        while (page["hits"]!["hits"]!.AsArray() is { Count: > 0 } hits)
        {
            found.AddRange(hits.Select(hit => Read(hit!)));
            page = await PostAsync(
                client,
                "_search/scroll",
                new JsonObject { ["scroll_id"] = page["_scroll_id"]!.ToString() }
            );
        }
        return [.. found];
    }

    private async Task<JsonNode> PostAsync(HttpClient client, string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri($"{remote["host"]}/{path}"), content);
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(await answer.Content.ReadAsStringAsync())!
            : throw new ApiException(
                (int)answer.StatusCode,
                "status_exception",
                $"remote answered {(int)answer.StatusCode}"
            );
    }

    private static StoredDocument Read(JsonNode hit) =>
        new()
        {
            Id = hit["_id"]!.ToString(),
            Routing = hit["_routing"]?.ToString(),
            Version = hit["_version"]!.GetValue<long>(),
            SeqNo = 0,
            Source = (JsonObject)hit["_source"]!.DeepClone(),
        };
}
