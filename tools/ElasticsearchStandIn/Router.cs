namespace Belay.ElasticsearchStandIn;

/// <summary>Which API answers a request.</summary>
internal sealed class Router(Cluster cluster)
{
    private readonly ClusterApi clusterApi = new(cluster);
    private readonly IndexApi indices = new(cluster);
    private readonly DocumentApi documents = new(cluster);
    private readonly SearchApi searches = new(cluster);
    private readonly AliasApi aliases = new(cluster);
    private readonly TaskApi tasks = new(cluster);
    private readonly ReindexApi reindex = new(cluster);
    private readonly SnapshotApi snapshots = new(cluster);

    public Result Answer(Call call, Faults faults) =>
        (call.Method, call.Parts) switch
        {
            ("GET", []) => clusterApi.Root(),
            ("GET", ["_cluster", "health", ..]) => clusterApi.Health(call),
            ("GET", ["_alias", var alias]) => aliases.Get(alias),
            ("POST", ["_aliases"]) => aliases.Change(call.Json),
            ("POST", ["_search", "scroll"]) => searches.Next(call.Json),
            ("DELETE", ["_search", "scroll"]) => searches.End(call.Json),
            ("POST", ["_reindex"]) => reindex.Start(call),
            ("GET", ["_tasks"]) => tasks.List(call),
            ("GET", ["_tasks", var id]) => tasks.Get(id),
            ("POST", ["_tasks", var id, "_cancel"]) => tasks.Cancel(id),
            ("PUT", ["_snapshot", var repository]) => snapshots.Register(repository),
            ("PUT", ["_snapshot", var repository, var name]) => snapshots.Create(repository, name, call.Json),
            ("GET", ["_snapshot", var repository, "_all"]) => snapshots.All(repository),
            ("GET", ["_snapshot", var repository, var name]) => snapshots.Get(repository, name),
            ("GET", ["_snapshot", var repository, var name, "_status"]) => snapshots.Status(repository, name),
            ("DELETE", ["_snapshot", var repository, var name]) => snapshots.Delete(repository, name),
            ("POST", ["_snapshot", var repository, var name, "_restore"]) => snapshots.Restore(
                repository,
                name,
                call.Json
            ),
            ("PUT", [var name]) => indices.Create(name, call.Json),
            ("GET", [var name]) => indices.Get(name),
            ("DELETE", [var name]) => indices.Delete(name),
            ("PUT", [var name, "_mapping"]) => indices.PutMapping(name, call.Json),
            ("PUT", [var name, "_settings"]) => indices.PutSettings(name, call.Json),
            ("PUT", [var name, "_block", "write"]) => indices.Block(name),
            ("POST", [var name, "_close"]) => indices.Close(name),
            ("POST", [var name, "_refresh"]) => indices.Refresh(name),
            ("GET", [var name, "_stats", ..]) => indices.Stats(name),
            ("POST", [var name, "_count"]) => searches.Count(name, call.Json),
            ("POST", [var name, "_search"]) => searches.Search(name, call),
            ("POST", [var name, "_mget"]) => documents.GetMany(name, call),
            ("POST", [var name, "_bulk"]) => documents.Bulk(name, call, faults),
            ("POST", [var name, "_delete_by_query"]) => reindex.StartDeleting(name, call),
            ("PUT" or "POST", [var name, "_doc", var id]) => documents.Put(name, id, call),
            ("GET", [var name, "_doc", var id]) => documents.Get(name, id),
            ("DELETE", [var name, "_doc", var id]) => documents.Delete(name, id),
            _ => throw new ApiException(
                400,
                "illegal_argument_exception",
                $"no handler found for uri [/{string.Join('/', call.Parts)}] and method [{call.Method}]"
            ),
        };
}
