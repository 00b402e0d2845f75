using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Connectors.Elasticsearch;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.ElasticsearchOrStandIn;

/// <summary>The products of a shop in a cluster, and steps of one run on them.</summary>
internal sealed class Products(ElasticsearchSettings settings, string name) : IDisposable
{
    public const string Mappings =
        """{ "properties": { "sku": { "type": "keyword" }, "amount": { "type": "long" }, "updated_at": { "type": "date" } } }""";

    private const string Body =
        $$"""{ "mappings": {{Mappings}}, "settings": { "number_of_shards": 1, "number_of_replicas": 0 } }""";

    private readonly SearchTransport transport = new(settings, TimeProvider.System);
    private readonly string runId = $"run-{Guid.NewGuid():N}";

    public ElasticsearchSettings Settings => settings;

    /// <summary>The alias; <c>-v1</c> and <c>-v2</c> behind it are the indices.</summary>
    public string Alias => name;

    public string Old => $"{name}-v1";

    public string New => $"{name}-v2";

    public TestFolder Folder { get; } = new();

    public Dictionary<string, object> Connections { get; } = new(StringComparer.Ordinal) { ["search"] = settings };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Products, of which each second was written twice.</summary>
    public async Task SeedAsync(int documents)
    {
        await SendAsync(HttpMethod.Put, Old, Body);
        await SendAsync(
            HttpMethod.Post,
            "_aliases",
            $$"""{ "actions": [ { "add": { "index": "{{Old}}", "alias": "{{Alias}}" } } ] }"""
        );
        for (var i = 1; i <= documents; i++)
        {
            await PutAsync(Old, $"p{i}", i);
            if (i % 2 == 0)
                await PutAsync(Old, $"p{i}", i);
        }
        await SendAsync(HttpMethod.Post, $"{Old}/_refresh");
    }

    /// <summary>Makes an index with the mappings of the shop.</summary>
    public Task CreateAsync(string index) => SendAsync(HttpMethod.Put, index, Body);

    /// <summary>Writes a product.</summary>
    public Task PutAsync(string index, string id, long amount, long updatedAt = 1000) =>
        SendAsync(
            HttpMethod.Put,
            $"{index}/_doc/{id}",
            $$"""{ "sku": "{{id}}", "amount": {{amount}}, "updated_at": {{updatedAt}} }"""
        );

    public Task DeleteAsync(string index, string id) => SendAsync(HttpMethod.Delete, $"{index}/_doc/{id}");

    /// <summary>The amount of a product; null when there is none.</summary>
    public async Task<long?> AmountAsync(string index, string id)
    {
        var answer = await transport.SendAsync(SearchRequest.Get($"{index}/_doc/{id}", HttpStatusCode.NotFound), Ct);
        return answer.IsMissing ? null : answer.Body.Number("_source", "amount");
    }

    /// <summary>The index itself.</summary>
    public SearchIndex Index(string index) => new(transport, index);

    /// <summary>The indices to which the alias points.</summary>
    public async Task<IReadOnlyList<string>> PointsAtAsync() =>
        [.. (await new SearchAlias(transport, Alias).ReadAsync(Ct)).Keys];

    public Task<SearchAnswer> SendAsync(HttpMethod method, string path, string? body = null) =>
        transport.SendAsync(
            SearchRequest.Write(method, path, body is null ? null : JsonNode.Parse(body)) with
            {
                Expected = [HttpStatusCode.NotFound],
            },
            Ct
        );

    /// <summary>Everything of the shop that a step could reach: indices, aliases, snapshots.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct)
    {
        var live = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var pattern in new[] { $"{name}*", "belay-scratch-*" })
        {
            var found = await transport.SendAsync(SearchRequest.Get($"{pattern}?flat_settings=true"), ct);
            foreach (var index in found.Body.EnumerateObject())
            {
                var documents = await ContentsReading.OfAsync(Index(index.Name), ct);
                live[$"elasticsearch:{index.Name}@search"] =
                    $"{documents.Documents} {documents.Digest} {index.Value.GetProperty("mappings")} {index.Value.GetProperty("settings")}";
                foreach (var alias in index.Value.GetProperty("aliases").EnumerateObject())
                    live[$"elasticsearch:{alias.Name}@search"] = index.Name;
            }
        }
        var repository = SharedSearch.Repository;
        var snapshots = await transport.SendAsync(
            SearchRequest.Get($"_snapshot/{repository}/_all", HttpStatusCode.NotFound),
            ct
        );
        foreach (var snapshot in snapshots.Body.Find("snapshots")?.EnumerateArray() ?? [])
            live[$"elasticsearch:repository-{repository}@search/{snapshot.Text("snapshot")}"] = snapshot.Text("uuid")!;
        return live.ToImmutable();
    }

    /// <summary>Makes a change, as after a crash when asked again.</summary>
    public BoundChange Change(string operation, string inputs) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(
            JsonElement.Parse(inputs),
            Scope(operation)
        );

    /// <summary>Reads by a check.</summary>
    public async Task<(JsonElement State, Verdict Verdict)> CheckAsync(string operation, string inputs)
    {
        await using var check = ((CheckDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(
            JsonElement.Parse(inputs),
            Scope(operation)
        );
        var state = await check.ObserveAsync(Ct);
        return (state, check.Judge(state));
    }

    /// <summary>Carries out a change as the engine does, and hands out its states.</summary>
    public async Task<(JsonElement Before, JsonElement After)> ApplyAsync(string operation, string inputs)
    {
        await using var change = Change(operation, inputs);
        var before = await change.ObserveAsync(Ct);
        await foreach (var _ in change.ApplyAsync(before, Ct)) { }
        var after = await change.ObserveAsync(Ct);
        Assert.True(change.Plan(after).IsEmpty, "something is left to do");
        return (before, after);
    }

    /// <summary>Carries out a change that must fail.</summary>
    public Task<OperationException> FailAsync(string operation, string inputs) =>
        Assert.ThrowsAsync<OperationException>(() => ApplyAsync(operation, inputs));

    /// <summary>Takes a change back.</summary>
    public async Task UndoAsync(string operation, string inputs, JsonElement before)
    {
        await using var change = Change(operation, inputs);
        await foreach (var _ in change.UndoAsync(before, null, Ct)) { }
    }

    /// <summary>The inputs of a copy from the old index to the new one.</summary>
    public string Copy(string more = "") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{ "connection": "search", "from": "{{Old}}", "to": "{{New}}"{{more}} }"""
        );

    /// <summary>The inputs of the switch of the alias.</summary>
    public string Switch =>
        $$"""{ "connection": "search", "alias": "{{Alias}}", "from": "{{Old}}", "to": "{{New}}" }""";

    public void Dispose()
    {
        transport.Dispose();
        Folder.Dispose();
    }

    // A step for each operation: what one notes is not another's.
    private TestScope Scope(string operation) =>
        new(Folder.Folder("plan"), Folder.Folder($"run-{operation}"), TestProgram.Instance.Processes, Connections)
        {
            RunId = runId,
        };
}
