using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>A field that grows with each write of a document.</summary>
internal sealed class GrowingField(SearchIndex index, string field)
{
    /// <summary>The greatest value that can be found; null when no document has the field.</summary>
    public async Task<JsonElement?> GreatestAsync(CancellationToken ct)
    {
        await RequireTypeAsync(ct);
        await index.RefreshAsync(ct);
        var found = await index.SearchAsync(
            new JsonObject
            {
                ["size"] = 1,
                ["_source"] = false,
                ["query"] = new JsonObject { ["exists"] = new JsonObject { ["field"] = field } },
                ["sort"] = new JsonArray(new JsonObject { [field] = "desc" }),
            },
            ct
        );
        return found.Find("hits", "hits") is { } hits && hits.GetArrayLength() > 0
            ? hits[0].GetProperty("sort")[0].Clone()
            : null;
    }

    /// <summary>The query for documents from a value on. Dates are given in milliseconds, as <see cref="GreatestAsync"/> reads them.</summary>
    public async Task<JsonObject> SinceAsync(JsonElement since, long overlap, CancellationToken ct)
    {
        if (!since.TryGetInt64(out var value))
            throw OperationException.Refused(
                $"since: {since} is no whole number: give the output through of an earlier copy"
            );
        var range = new JsonObject { ["gte"] = value - overlap };
        if (await RequireTypeAsync(ct) == "date")
            range["format"] = "epoch_millis";
        return new JsonObject { ["range"] = new JsonObject { [field] = range } };
    }

    private async Task<string> RequireTypeAsync(CancellationToken ct)
    {
        JsonElement? found = (await index.RequireAsync(ct)).Mappings;
        foreach (var part in field.Split('.'))
            found = found?.Find("properties", part);
        return found?.Text("type") switch
        {
            "date" => "date",
            "long" or "integer" or "short" => "number",
            null => throw OperationException.Refused(
                $"{index.Place} has no field {field} in its mappings: name one that grows with each write"
            ),
            var other => throw OperationException.Refused(
                $"{index.Place}: the field {field} is of type {other}: date, long, integer or short is expected"
            ),
        };
    }
}
