using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>One index of a cluster, as operations speak of it.</summary>
internal sealed class SearchIndex(SearchTransport transport, string name)
{
    /// <summary>Documents in one page. Their content comes along at times, so that a page must fit into memory many times over.</summary>
    public const int PageSize = 500;

    private const string KeptFor = "5m";
    private readonly string path = Uri.EscapeDataString(name);

    public SearchTransport Transport => transport;

    public string Name => name;

    /// <summary>Where, for messages.</summary>
    public string Place => $"{name} of {transport.Place}";

    /// <summary>The path below the index.</summary>
    public string PathOf(string rest) => rest.Length == 0 ? path : $"{path}/{rest}";

    /// <summary>The index; null when there is none.</summary>
    /// <exception cref="OperationException">Refused: the name is an alias.</exception>
    public async Task<IndexInfo?> FindAsync(CancellationToken ct)
    {
        var answer = await transport.SendAsync(
            SearchRequest.Get($"{path}?flat_settings=true", HttpStatusCode.NotFound),
            ct
        );
        if (answer.IsMissing)
            return null;
        var found = answer.Body.EnumerateObject().First();
        if (found.Name != name)
            throw OperationException.Refused(
                $"{transport.Place}: {name} is an alias of {found.Name}: name the index itself"
            );
        return new IndexInfo
        {
            Name = name,
            Uuid = found.Value.Text("settings", "index.uuid")!,
            Aliases =
            [
                .. found
                    .Value.GetProperty("aliases")
                    .EnumerateObject()
                    .Select(a => a.Name)
                    .Order(StringComparer.Ordinal),
            ],
            Mappings = found.Value.GetProperty("mappings"),
            Settings = found.Value.GetProperty("settings"),
        };
    }

    /// <summary>The index.</summary>
    /// <exception cref="OperationException">Refused: there is none.</exception>
    public async Task<IndexInfo> RequireAsync(CancellationToken ct) =>
        await FindAsync(ct) ?? throw OperationException.Refused($"{transport.Place}: there is no index {name}");

    /// <summary>How many documents there are, those of a moment ago among them: what was written is found only after a refresh.</summary>
    public async Task<long> CountAsync(CancellationToken ct)
    {
        await RefreshAsync(ct);
        var answer = await transport.SendAsync(SearchRequest.Read(PathOf("_count")), ct);
        RequireWhole(answer.Body);
        return answer.Body.Number("count");
    }

    /// <summary>Makes what was written findable.</summary>
    public async Task RefreshAsync(CancellationToken ct) =>
        RequireWhole((await transport.SendAsync(SearchRequest.Read(PathOf("_refresh")), ct)).Body);

    /// <summary>Searches once.</summary>
    public async Task<JsonElement> SearchAsync(JsonNode query, CancellationToken ct)
    {
        var answer = await transport.SendAsync(
            SearchRequest.Read(PathOf("_search?allow_partial_search_results=false"), query),
            ct
        );
        RequireWhole(answer.Body);
        return answer.Body;
    }

    /// <summary>Every document that a query finds, in pages, all of one moment; call <see cref="RefreshAsync"/> before it.</summary>
    /// <remarks>By scroll (https://www.elastic.co/guide/en/elasticsearch/reference/8.15/paginate-search-results.html#scroll-search-results), which both products have in all versions, and which needs no field to sort by.</remarks>
    /// <param name="query">Which; null: all.</param>
    /// <param name="content">Whether their content comes along.</param>
    /// <param name="ct">Ends it.</param>
    public async IAsyncEnumerable<IReadOnlyList<Document>> PagesAsync(
        JsonNode? query,
        bool content,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var body = new JsonObject
        {
            ["size"] = PageSize,
            ["sort"] = new JsonArray("_doc"),
            ["version"] = true,
            ["seq_no_primary_term"] = true,
            ["_source"] = content,
        };
        if (query is not null)
            body["query"] = query.DeepClone();
        var page = await SearchFirstAsync(body, ct);
        var scroll = page.Text("_scroll_id");
        try
        {
            while (page.Find("hits", "hits") is { } hits && hits.GetArrayLength() > 0)
            {
                yield return [.. hits.EnumerateArray().Select(Read)];
                page = await NextAsync(scroll!, ct);
                scroll = page.Text("_scroll_id") ?? scroll;
            }
        }
        finally
        {
            await EndAsync(scroll);
        }
    }

    /// <summary>Reads documents by id, each as it is now (without waiting for a refresh); null in the place of one that is not there.</summary>
    public async Task<IReadOnlyList<Document?>> GetAsync(
        IReadOnlyList<Document> wanted,
        bool content,
        CancellationToken ct
    )
    {
        if (wanted.Count == 0)
            return [];
        var docs = new JsonArray();
        foreach (var one in wanted)
        {
            var doc = new JsonObject { ["_id"] = one.Id };
            if (one.Routing is { } routing)
                doc["routing"] = routing;
            docs.Add((JsonNode)doc);
        }
        var answer = await transport.SendAsync(
            SearchRequest.Read(
                PathOf($"_mget?_source={(content ? "true" : "false")}"),
                new JsonObject { ["docs"] = docs }
            ),
            ct
        );
        return [.. answer.Body.GetProperty("docs").EnumerateArray().Select(Found)];
    }

    /// <summary>Says that writes are refused from now on; returns when those under way have ended.</summary>
    /// <remarks>https://www.elastic.co/guide/en/elasticsearch/reference/8.15/index-modules-blocks.html#add-index-block</remarks>
    public async Task BlockWritesAsync(CancellationToken ct)
    {
        var answer = await transport.SendAsync(
            SearchRequest.Write(HttpMethod.Put, PathOf("_block/write")) with
            {
                IsHarmlessToRepeat = true,
            },
            ct
        );
        // Not acknowledged by every shard: writes may still be under way there.
        if (!answer.Body.IsTrue("acknowledged") || !answer.Body.IsTrue("shards_acknowledged"))
            throw OperationException.Transient($"{Place}: not every shard has confirmed yet that it refuses writes");
    }

    /// <summary>Lets writes go on.</summary>
    public Task AllowWritesAsync(CancellationToken ct) =>
        transport.SendAsync(
            SearchRequest.Write(
                HttpMethod.Put,
                PathOf("_settings"),
                new JsonObject { ["index.blocks.write"] = null }
            ) with
            {
                IsHarmlessToRepeat = true,
            },
            ct
        );

    /// <summary>Notes in the index whose work it is; its mappings' own <c>_meta</c> stays beside it.</summary>
    public async Task MarkAsync(string member, string value, CancellationToken ct)
    {
        var info = await RequireAsync(ct);
        var meta = info.Mappings.Find("_meta") is { } known ? JsonObject.Create(known)! : [];
        if (meta[IndexInfo.Mark] is not JsonObject mark)
            meta[IndexInfo.Mark] = mark = [];
        mark[member] = value;
        await transport.SendAsync(
            SearchRequest.Write(HttpMethod.Put, PathOf("_mapping"), new JsonObject { ["_meta"] = meta }) with
            {
                IsHarmlessToRepeat = true,
            },
            ct
        );
    }

    /// <summary>Deletes the index, if it is there.</summary>
    public Task DeleteAsync(CancellationToken ct) =>
        transport.SendAsync(
            new SearchRequest(HttpMethod.Delete, path)
            {
                Expected = [HttpStatusCode.NotFound],
                IsHarmlessToRepeat = true,
            },
            ct
        );

    /// <summary>Closes it: only then can it be restored in its place.</summary>
    public Task CloseAsync(CancellationToken ct) =>
        transport.SendAsync(
            SearchRequest.Write(HttpMethod.Post, PathOf("_close")) with
            {
                IsHarmlessToRepeat = true,
            },
            ct
        );

    /// <summary>Waits until every primary shard serves.</summary>
    /// <exception cref="OperationException">Transient: one does not within the time.</exception>
    public async Task AwaitPrimariesAsync(CancellationToken ct)
    {
        var health = await transport.SendAsync(
            SearchRequest.Get(
                $"_cluster/health/{path}?wait_for_status=yellow&timeout=20s",
                HttpStatusCode.RequestTimeout
            ),
            ct
        );
        if (health.Body.IsTrue("timed_out") || health.Body.Text("status") is not ("yellow" or "green"))
            throw OperationException.Transient($"{Place}: a primary shard does not serve yet");
    }

    private async Task<JsonElement> SearchFirstAsync(JsonObject body, CancellationToken ct)
    {
        var answer = await transport.SendAsync(
            SearchRequest.Read(PathOf($"_search?scroll={KeptFor}&allow_partial_search_results=false"), body),
            ct
        );
        RequireWhole(answer.Body);
        return answer.Body;
    }

    private async Task<JsonElement> NextAsync(string scroll, CancellationToken ct)
    {
        var body = new JsonObject { ["scroll"] = KeptFor, ["scroll_id"] = scroll };
        try
        {
            // Not harmless: an answer that is lost takes its page with it.
            var answer = await transport.SendAsync(
                SearchRequest.Read("_search/scroll", body) with
                {
                    IsHarmlessToRepeat = false,
                    Expected = [HttpStatusCode.NotFound],
                },
                ct
            );
            if (answer.IsMissing)
                throw OperationException.Transient($"{Place}: the cluster has forgotten what was being read");
            RequireWhole(answer.Body);
            return answer.Body;
        }
        catch (OperationException e) when (e.Kind == FailureKind.OutcomeUnknown)
        {
            throw OperationException.Transient($"{e.Message}; the documents must be read anew", e);
        }
    }

    private async Task EndAsync(string? scroll)
    {
        if (scroll is null)
            return;
        try
        {
            var body = new JsonObject { ["scroll_id"] = new JsonArray(scroll) };
            await transport.SendAsync(
                SearchRequest.Write(HttpMethod.Delete, "_search/scroll", body) with
                {
                    Expected = [HttpStatusCode.NotFound],
                },
                CancellationToken.None
            );
        }
        catch (OperationException)
        {
            // It ends by itself after a while.
        }
    }

    private Document? Found(JsonElement doc)
    {
        if (doc.Find("error") is not null)
            throw OperationException.Transient($"{Place}: a document cannot be read: {SearchFailures.Reason(doc)}");
        return doc.IsTrue("found") ? Read(doc) : null;
    }

    private static Document Read(JsonElement hit) =>
        new()
        {
            Id = hit.GetProperty("_id").GetString()!,
            Routing = hit.Text("_routing"),
            Version = hit.Number("_version"),
            SeqNo = hit.Number("_seq_no"),
            PrimaryTerm = hit.Number("_primary_term"),
            Source = hit.Find("_source") ?? default,
        };

    /// <summary>A part of an answer is none: shards that did not answer are in <c>_shards.failed</c>, with the status 200.</summary>
    private void RequireWhole(JsonElement answer)
    {
        if (answer.IsTrue("timed_out") || answer.Number("_shards", "failed") > 0)
            throw OperationException.Transient(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Place}: {answer.Number("_shards", "failed")} of {answer.Number("_shards", "total")} shards did not answer"
                )
            );
    }
}
