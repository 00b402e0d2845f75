using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary><c>GET /</c> and the health (https://www.elastic.co/guide/en/elasticsearch/reference/8.15/cluster-health.html).</summary>
internal sealed class ClusterApi(Cluster cluster)
{
    public Result Root()
    {
        var version = new JsonObject { ["number"] = cluster.Options.OpenSearch ? "2.17.1" : "8.15.3" };
        if (cluster.Options.OpenSearch)
            version["distribution"] = "opensearch";
        return Result.Ok(
            new JsonObject
            {
                ["name"] = "node-1",
                ["cluster_name"] = "stand-in",
                ["cluster_uuid"] = cluster.Uuid,
                ["version"] = version,
                ["tagline"] = cluster.Options.OpenSearch
                    ? "The OpenSearch Project: https://opensearch.org/"
                    : "You Know, for Search",
            }
        );
    }

    public Result Health(Call call)
    {
        var indices = call.Parts is [_, _, var name] ? [cluster.Require(name)] : cluster.Indices.Values.ToArray();
        var each = new JsonObject();
        foreach (var index in indices)
            each[index.Name] = new JsonObject
            {
                ["status"] = Status(index),
                ["initializing_shards"] = index.IsRecovering ? 1 : 0,
            };
        var worst =
            indices.Any(i => i.IsRecovering) ? "red"
            : indices.Any(i => i.HasReplicas) ? "yellow"
            : "green";
        // A health that is waited for and not reached: the status 408, and timed_out.
        var isLate = call["wait_for_status"] is not null && worst == "red";
        var health = new JsonObject
        {
            ["cluster_name"] = "stand-in",
            ["status"] = worst,
            ["timed_out"] = isLate,
            ["number_of_nodes"] = 1,
            ["unassigned_shards"] = indices.Count(index => index.HasReplicas),
        };
        if (call["level"] == "indices")
            health["indices"] = each;
        return new Result(isLate ? 408 : 200, health);
    }

    private static string Status(StoredIndex index) =>
        index.IsRecovering ? "red"
        : index.HasReplicas ? "yellow"
        : "green";
}
