using System.Globalization;
using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>Documents one by one and in bulk: https://www.elastic.co/guide/en/elasticsearch/reference/8.15/docs.html</summary>
internal sealed class DocumentApi(Cluster cluster)
{
    public Result Put(string name, string id, Call call)
    {
        var index = cluster.Writable(name);
        var (document, isNew) = index.Write(id, call.Json, new WriteCondition { Routing = call["routing"] });
        if (call["refresh"] is not null)
            index.Refresh();
        return new Result(isNew ? 201 : 200, Written(index, document, isNew ? "created" : "updated"));
    }

    public Result Get(string name, string id)
    {
        var index = cluster.Require(name);
        index.RequireOpen();
        index.Count("get_total");
        return index.Live.TryGetValue(id, out var document)
            ? Result.Ok(Found(index, document, content: true))
            : new Result(404, Missing(index, id));
    }

    public Result Delete(string name, string id)
    {
        var index = cluster.Require(name);
        return index.Delete(id, new WriteCondition())
            ? Result.Ok(new JsonObject { ["_id"] = id, ["result"] = "deleted" })
            : new Result(404, new JsonObject { ["_id"] = id, ["result"] = "not_found" });
    }

    /// <summary>docs-multi-get.html: each as it is now, without waiting for a refresh.</summary>
    public Result GetMany(string name, Call call)
    {
        var index = cluster.Require(name);
        index.RequireOpen();
        var found = new JsonArray();
        foreach (var wanted in call.Json["docs"]!.AsArray())
        {
            var id = wanted!["_id"]!.ToString();
            index.Count("get_total");
            found.Add(
                (JsonNode)(
                    index.Live.TryGetValue(id, out var document)
                        ? Found(index, document, call["_source"] != "false")
                        : Missing(index, id)
                )
            );
        }
        return Result.Ok(new JsonObject { ["docs"] = found });
    }

    /// <summary>docs-bulk.html: the failure of one line does not affect the others, and the answer is 200.</summary>
    public Result Bulk(string name, Call call, Faults faults)
    {
        var index = cluster.Writable(name);
        var items = new JsonArray();
        var lines = call.Lines;
        for (var i = 0; i < lines.Length; i++)
        {
            var (kind, action) = JsonNode.Parse(lines[i])!.AsObject().First();
            var content = kind == "delete" ? null : JsonNode.Parse(lines[++i])!.AsObject();
            JsonObject result;
            try
            {
                if (faults.TurnsAwayLine())
                    throw new ApiException(
                        429,
                        "es_rejected_execution_exception",
                        "rejected execution of primary operation"
                    );
                result = One(index, kind, action!.AsObject(), content);
            }
            catch (ApiException e)
            {
                result = new JsonObject
                {
                    ["_id"] = action!["_id"]?.ToString(),
                    ["status"] = e.Status,
                    ["error"] = e.Cause(),
                };
            }
            items.Add((JsonNode)new JsonObject { [kind] = result });
        }
        var failed = items.Any(item => item!.AsObject().First().Value!["error"] is not null);
        return Result.Ok(new JsonObject { ["errors"] = failed, ["items"] = items });
    }

    private static JsonObject One(StoredIndex index, string kind, JsonObject action, JsonObject? content)
    {
        var id = action["_id"]!.ToString();
        var condition = new WriteCondition
        {
            Routing = action["routing"]?.ToString(),
            Version = Number(action["version"]),
            VersionType = action["version_type"]?.ToString() ?? "internal",
            IfSeqNo = Number(action["if_seq_no"]),
            MustBeNew = kind == "create",
        };
        if (content is null)
        {
            var isDeleted = index.Delete(id, condition);
            return new JsonObject
            {
                ["_id"] = id,
                ["status"] = isDeleted ? 200 : 404,
                ["result"] = isDeleted ? "deleted" : "not_found",
            };
        }
        var (document, isNew) = index.Write(id, content, condition);
        var written = Written(index, document, isNew ? "created" : "updated");
        written["status"] = isNew ? 201 : 200;
        return written;
    }

    private static long? Number(JsonNode? value) =>
        value is null ? null : long.Parse(value.ToString(), CultureInfo.InvariantCulture);

    private static JsonObject Written(StoredIndex index, StoredDocument document, string result)
    {
        var written = document.ToJson(index.Name, content: false);
        written["result"] = result;
        return written;
    }

    private static JsonObject Found(StoredIndex index, StoredDocument document, bool content)
    {
        var found = document.ToJson(index.Name, content);
        found["found"] = true;
        return found;
    }

    private static JsonObject Missing(StoredIndex index, string id) =>
        new()
        {
            ["_index"] = index.Name,
            ["_id"] = id,
            ["found"] = false,
        };
}
