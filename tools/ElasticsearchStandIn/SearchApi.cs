using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>Searches and scrolls: https://www.elastic.co/guide/en/elasticsearch/reference/8.15/search-search.html and paginate-search-results.html. Only what was refreshed is found.</summary>
internal sealed class SearchApi(Cluster cluster)
{
    private const int CustomarySize = 10;

    // search-your-data.html#track-total-hits: beyond it a count is only a lower bound, unless it is asked for.
    private const int CountedHits = 10_000;

    public Result Count(string name, JsonObject body)
    {
        var index = cluster.Require(name);
        var found = index.Visible.Values.Count(document => Query.Finds(body["query"], index.Mappings, document));
        index.Count("query_total");
        return Result.Ok(new JsonObject { ["count"] = found, ["_shards"] = IndexApi.Shards() });
    }

    public Result Search(string name, Call call)
    {
        var index = cluster.Require(name);
        var body = call.Json;
        var hits = Query
            .Ordered(
                index.Visible.Values.Where(document => Query.Finds(body["query"], index.Mappings, document)),
                index.Mappings,
                body["sort"] as JsonArray
            )
            .Select(found => Hit(index, found.Document, found.Sort, body))
            .ToArray();
        index.Count("query_total");
        var size = body["size"]?.GetValue<int>() ?? CustomarySize;
        if (call["scroll"] is null)
            return Page(hits.Take(size), Total(hits.Length, body), null);
        index.Count("scroll_total");
        var id = $"scroll-{++cluster.Number}";
        var scroll = cluster.Scrolls[id] = new Scroll(index.Name, hits, size);
        return Page(scroll.Next(), Total(hits.Length, body), id);
    }

    /// <summary>Each call gives the next page, whether or not the one before arrived.</summary>
    public Result Next(JsonObject body)
    {
        var id = body["scroll_id"]!.ToString();
        if (!cluster.Scrolls.TryGetValue(id, out var scroll))
            throw new ApiException(404, "search_context_missing_exception", $"No search context found for id [{id}]");
        if (cluster.Indices.GetValueOrDefault(scroll.Index) is { } index)
            index.Count("query_total");
        return Page(scroll.Next(), (scroll.Hits.Count, "eq"), id);
    }

    public Result End(JsonObject body)
    {
        var ids = body["scroll_id"]!.AsArray();
        var freed = ids.Count(id => cluster.Scrolls.Remove(id!.ToString()));
        return new Result(freed == 0 ? 404 : 200, new JsonObject { ["succeeded"] = true, ["num_freed"] = freed });
    }

    private static (int Value, string Relation) Total(int found, JsonObject body) =>
        found <= CountedHits || body["track_total_hits"]?.ToString() == "true" ? (found, "eq") : (CountedHits, "gte");

    private static JsonObject Hit(StoredIndex index, StoredDocument document, JsonArray? sort, JsonObject body)
    {
        var hit = document.ToJson(index.Name, body["_source"]?.ToString() != "false");
        if (body["version"]?.ToString() != "true")
            hit.Remove("_version");
        if (body["seq_no_primary_term"]?.ToString() != "true")
        {
            hit.Remove("_seq_no");
            hit.Remove("_primary_term");
        }
        if (sort is not null)
            hit["sort"] = sort;
        return hit;
    }

    private static Result Page(IEnumerable<JsonObject> hits, (int Value, string Relation) total, string? scroll)
    {
        var page = new JsonArray();
        foreach (var hit in hits)
            page.Add((JsonNode)hit.DeepClone());
        var answer = new JsonObject
        {
            ["took"] = 1,
            ["timed_out"] = false,
            ["_shards"] = IndexApi.Shards(),
            ["hits"] = new JsonObject
            {
                ["total"] = new JsonObject { ["value"] = total.Value, ["relation"] = total.Relation },
                ["hits"] = page,
            },
        };
        if (scroll is not null)
            answer["_scroll_id"] = scroll;
        return Result.Ok(answer);
    }
}
