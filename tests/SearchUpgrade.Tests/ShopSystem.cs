using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.ElasticsearchStandIn;
using Belay.Parts;
using Kills;

namespace SearchUpgrade.Tests;

/// <summary>A shop at work on a stand-in for Elasticsearch, and <c>belay</c> in the plan's folder.</summary>
internal sealed class ShopSystem : IAsyncDisposable
{
    public const string Alias = "products";
    public const string Old = "products-v1";
    public const string New = "products-v2";

    private const int Seeded = 400;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("belay-search-");
    private readonly StandInServer server = StandInServer.Start();
    private readonly HttpClient client = new();
    private readonly BelayProcess belay;
    private ShopWriter? writer;

    private ShopSystem() => belay = new BelayProcess(folder.FullName);

    /// <summary>Brings everything up, with writes coming in.</summary>
    public static async Task<ShopSystem> StartAsync(CancellationToken ct)
    {
        var system = new ShopSystem();
        await system.SendAsync(
            HttpMethod.Put,
            Old,
            """{ "mappings": { "properties": { "sku": { "type": "keyword" }, "amount": { "type": "long" }, "updated_at": { "type": "date" } } }, "settings": { "number_of_replicas": 0 } }""",
            ct
        );
        await system.SendAsync(
            HttpMethod.Post,
            "_aliases",
            $$"""{ "actions": [ { "add": { "index": "{{Old}}", "alias": "{{Alias}}" } } ] }""",
            ct
        );
        for (var i = 1; i <= Seeded; i++)
            await system.SendAsync(
                HttpMethod.Put,
                $"{Old}/_doc/seed-{i}",
                $$"""{ "sku": "seed-{{i}}", "amount": {{i}}, "updated_at": {{i}} }""",
                ct
            );
        await system.WriteFilesAsync(ct);
        system.writer = new ShopWriter(system.client, $"{system.server.Url}/{Alias}");
        Assert.True(await system.TakesWritesAsync(ct), "the shop takes no writes");
        return system;
    }

    /// <summary>Calls a verb to its end, or kills it as soon as the condition holds.</summary>
    public Task<Ended> BelayAsync(IReadOnlyList<string> words, Func<Task<bool>>? killWhen, CancellationToken ct) =>
        belay.RunAsync(words, killWhen is null ? null : async () => await killWhen(), ct);

    /// <summary>How many documents an index has now; null when there is none.</summary>
    public async Task<long?> CountAsync(string index, CancellationToken ct)
    {
        if (await TryAsync(HttpMethod.Post, $"{index}/_refresh", null, ct) is null)
            return null;
        var answer = await TryAsync(HttpMethod.Post, $"{index}/_count", null, ct);
        return (long?)answer?["count"];
    }

    /// <summary>Whether an index refuses writes.</summary>
    public async Task<bool> IsBlockedAsync(string index, CancellationToken ct) =>
        (await TryAsync(HttpMethod.Get, $"{index}?flat_settings=true", null, ct))?[index]?["settings"]?[
            "index.blocks.write"
        ]?.ToString() == "true";

    /// <summary>The indices of the cluster.</summary>
    public async Task<IReadOnlyList<string>> IndicesAsync(CancellationToken ct) =>
        [.. (await TryAsync(HttpMethod.Get, "*?flat_settings=true", null, ct))!.AsObject().Select(index => index.Key)];

    /// <summary>The index to which the alias points.</summary>
    public async Task<string> PointsAtAsync(CancellationToken ct) =>
        string.Join(',', (await TryAsync(HttpMethod.Get, $"_alias/{Alias}", null, ct))!.AsObject().Select(i => i.Key));

    /// <summary>How many snapshots the cluster keeps.</summary>
    public async Task<int> SnapshotsAsync(CancellationToken ct) =>
        (await TryAsync(HttpMethod.Get, "_snapshot/backups/_all", null, ct))!["snapshots"]!.AsArray().Count;

    /// <summary>Whether the shop takes writes: waits until some more were confirmed.</summary>
    public Task<bool> TakesWritesAsync(CancellationToken ct)
    {
        var before = writer!.Confirmed;
        return Poll.UntilAsync(
            () => ValueTask.FromResult(writer.Confirmed > before + 20),
            TimeSpan.FromSeconds(20),
            ct
        );
    }

    /// <summary>Ends the writer and asserts that every confirmed write, and every confirmed deletion, is what a user finds.</summary>
    public async Task AssertNothingLostAsync(CancellationToken ct)
    {
        await writer!.EndAsync();
        Assert.NotEmpty(writer.Deleted);
        foreach (var (id, amount) in writer.Written)
        {
            var found = await TryAsync(HttpMethod.Get, $"{Alias}/_doc/{id}", null, ct);
            Assert.True(found is not null, $"{id} was confirmed and is not there");
            Assert.Equal(amount, (long)found["_source"]!["amount"]!);
        }
        foreach (var id in writer.Deleted)
            Assert.True(
                await TryAsync(HttpMethod.Get, $"{Alias}/_doc/{id}", null, ct) is null,
                $"{id} was deleted and is there again"
            );
    }

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
            await writer.EndAsync();
        await server.DisposeAsync();
        client.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task WriteFilesAsync(CancellationToken ct)
    {
        var example = Path.Combine(AppContext.BaseDirectory, "example");
        foreach (var name in new[] { "upgrade.yaml", "products-v2.json" })
            File.Copy(Path.Combine(example, name), Path.Combine(folder.FullName, name));
        folder.CreateSubdirectory("environments");
        File.Copy(
            Path.Combine(example, "environments", "production.yaml"),
            Path.Combine(folder.FullName, "environments", "production.yaml")
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "environments", "default.yaml"),
            $$"""
            connections:
              search: { kind: elasticsearch, url: "{{server.Url}}" }
            values:
              repository: backups
              documents_per_second: 1000
              batch: 50
              idle: 200ms
              soak: 300ms

            """,
            ct
        );
    }

    private async Task SendAsync(HttpMethod method, string path, string body, CancellationToken ct) =>
        Assert.NotNull(await TryAsync(method, path, body, ct));

    private async Task<JsonNode?> TryAsync(HttpMethod method, string path, string? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri($"{server.Url}/{path}"));
        if (body is not null)
            request.Content = JsonContent.Create(JsonElement.Parse(body));
        using var answer = await client.SendAsync(request, ct);
        return answer.StatusCode == HttpStatusCode.NotFound || !answer.IsSuccessStatusCode
            ? null
            : JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct));
    }
}
