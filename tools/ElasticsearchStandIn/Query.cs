using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>The queries that the connector, its tests and the example use. https://www.elastic.co/guide/en/elasticsearch/reference/8.15/query-dsl.html</summary>
internal static class Query
{
    /// <summary>Whether a document is found.</summary>
    public static bool Finds(JsonNode? query, JsonObject mappings, StoredDocument document)
    {
        if (query is null)
            return true;
        var (kind, rest) = query.AsObject().First();
        return kind switch
        {
            "match_all" => true,
            "exists" => document.Source[rest!["field"]!.ToString()] is not null,
            "ids" => rest!["values"]!.AsArray().Any(id => id!.ToString() == document.Id),
            "term" => Is(rest!.AsObject().First(), document),
            "match" => Matches(rest!.AsObject().First(), document),
            "range" => IsIn(rest!.AsObject().First(), mappings, document),
            _ => throw new ApiException(400, "parsing_exception", $"unknown query [{kind}]"),
        };
    }

    /// <summary>Documents in the order of a <c>sort</c>.</summary>
    public static IEnumerable<(StoredDocument Document, JsonArray? Sort)> Ordered(
        IEnumerable<StoredDocument> documents,
        JsonObject mappings,
        JsonArray? sort
    )
    {
        if (sort is not [JsonObject by, ..])
            return documents.Select(document => (document, (JsonArray?)null));
        var (field, order) = by.First();
        var keyed = documents.Select(document =>
            (Document: document, Key: FieldTypes.Number(mappings, field, document.Source[field]) ?? long.MinValue)
        );
        var isDescending = (order is JsonObject given ? given["order"] : order)?.ToString() == "desc";
        return (isDescending ? keyed.OrderByDescending(pair => pair.Key) : keyed.OrderBy(pair => pair.Key)).Select(
            pair => (pair.Document, (JsonArray?)new JsonArray(pair.Key))
        );
    }

    private static bool Is(KeyValuePair<string, JsonNode?> term, StoredDocument document) =>
        document.Source[term.Key]?.ToString()
        == (term.Value is JsonObject given ? given["value"] : term.Value)?.ToString();

    private static bool Matches(KeyValuePair<string, JsonNode?> match, StoredDocument document) =>
        document
            .Source[match.Key]
            ?.ToString()
            .Split(' ')
            .Contains(match.Value!.ToString(), StringComparer.OrdinalIgnoreCase) == true;

    private static bool IsIn(KeyValuePair<string, JsonNode?> range, JsonObject mappings, StoredDocument document)
    {
        if (FieldTypes.Number(mappings, range.Key, document.Source[range.Key]) is not { } value)
            return false;
        return range
            .Value!.AsObject()
            .Where(bound => bound.Key != "format")
            .All(bound =>
                FieldTypes.Number(mappings, range.Key, bound.Value) is { } given
                && bound.Key switch
                {
                    "gte" => value >= given,
                    "gt" => value > given,
                    "lte" => value <= given,
                    "lt" => value < given,
                    _ => throw new ApiException(
                        400,
                        "parsing_exception",
                        $"[range] query does not support [{bound.Key}]"
                    ),
                }
            );
    }
}
