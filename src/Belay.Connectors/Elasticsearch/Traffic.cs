using System.Collections.Immutable;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>How often an index was used since its shards were opened, by kind of use.</summary>
/// <remarks>https://www.elastic.co/guide/en/elasticsearch/reference/8.15/indices-stats.html: counters of all copies of all shards; a copy that moves or is restarted begins again at 0.</remarks>
internal sealed record Traffic(ImmutableSortedDictionary<string, long> Uses)
{
    private static readonly (string Name, string Group, string Member)[] Counters =
    [
        ("searches", "search", "query_total"),
        ("scrolls", "search", "scroll_total"),
        ("suggestions", "search", "suggest_total"),
        ("gets", "get", "total"),
        ("writes", "indexing", "index_total"),
        ("deletions", "indexing", "delete_total"),
    ];

    /// <summary>Reads the counters.</summary>
    /// <exception cref="OperationException">Transient: not every shard says how often it was used.</exception>
    public static async Task<Traffic> ReadAsync(SearchIndex index, CancellationToken ct)
    {
        var answer = await index.Transport.SendAsync(SearchRequest.Get(index.PathOf("_stats/search,get,indexing")), ct);
        if (
            answer.Body.Number("_shards", "failed") > 0
            || answer.Body.Number("_shards", "successful") == 0
            || answer.Body.Find("_all", "total", "search", "query_total") is null
        )
            throw OperationException.Transient($"{index.Place}: not every shard says how often it was used");
        var total = answer.Body.GetProperty("_all").GetProperty("total");
        return new Traffic(
            Counters.ToImmutableSortedDictionary(
                counter => counter.Name,
                counter => total.Number(counter.Group, counter.Member),
                StringComparer.Ordinal
            )
        );
    }

    /// <summary>What happened on an index over a time.</summary>
    /// <exception cref="OperationException">Transient: the counters cannot be read, or began again meanwhile.</exception>
    public static async Task<ImmutableSortedDictionary<string, long>> OverAsync(
        SearchIndex index,
        TimeSpan time,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var first = await ReadAsync(index, ct);
        await Task.Delay(time, clock, ct);
        var last = await ReadAsync(index, ct);
        if (last.Uses.Any(use => use.Value < first.Uses[use.Key]))
            throw OperationException.Transient(
                $"{index.Place}: the counters began again while they were watched (a shard moved or was restarted): nothing is proven"
            );
        return last
            .Uses.Select(use => KeyValuePair.Create(use.Key, use.Value - first.Uses[use.Key]))
            .Where(use => use.Value > 0)
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>Uses in words: <c>3 searches, 1 writes</c>.</summary>
    public static string Words(ImmutableSortedDictionary<string, long> uses) =>
        string.Join(", ", uses.Select(use => $"{use.Value} {use.Key}"));
}
