using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>Aliases: https://www.elastic.co/guide/en/elasticsearch/reference/8.15/indices-aliases.html</summary>
internal sealed class AliasApi(Cluster cluster)
{
    public Result Get(string alias)
    {
        var found = new JsonObject();
        foreach (var index in cluster.PointedAtBy(alias))
            found[index.Name] = new JsonObject
            {
                ["aliases"] = new JsonObject { [alias] = index.Aliases[alias].DeepClone() },
            };
        return found.Count == 0
            ? new Result(404, new JsonObject { ["error"] = $"alias [{alias}] missing", ["status"] = 404 })
            : Result.Ok(found);
    }

    /// <summary>All actions of one call take effect together, or none does.</summary>
    public Result Change(JsonObject body)
    {
        var changes = body["actions"]!
            .AsArray()
            .Select(action => action!.AsObject().First())
            .Select(action => (action.Key, Value: action.Value!.AsObject()))
            .ToArray();
        foreach (var (kind, action) in changes)
        {
            var (index, alias) = (Index(action), action["alias"]!.ToString());
            if (kind == "remove" && action["must_exist"]?.ToString() == "true" && !index.Aliases.ContainsKey(alias))
                throw new ApiException(404, "aliases_not_found_exception", $"aliases [{alias}] missing");
            if (kind == "add" && cluster.Indices.ContainsKey(alias))
                throw new ApiException(
                    400,
                    "invalid_alias_name_exception",
                    $"Invalid alias name [{alias}]: an index or data stream exists with the same name as the alias"
                );
        }
        foreach (var (kind, action) in changes)
            Do(kind, action);
        return Result.Acknowledged;
    }

    private void Do(string kind, JsonObject action)
    {
        var (index, alias) = (Index(action), action["alias"]!.ToString());
        if (kind == "remove")
        {
            index.Aliases.Remove(alias);
            return;
        }
        var properties = (JsonObject)action.DeepClone();
        properties.Remove("index");
        properties.Remove("alias");
        index.Aliases[alias] = properties;
    }

    private StoredIndex Index(JsonObject action)
    {
        var name = action["index"]!.ToString();
        return cluster.Indices.GetValueOrDefault(name) ?? throw ApiException.NoIndex(name);
    }
}
