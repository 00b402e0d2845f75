using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>What an index holds, in a few numbers.</summary>
public sealed record IndexContents
{
    /// <summary>How many documents.</summary>
    public required long Documents { get; init; }

    /// <summary>A digest over every document's id, routing, version and content, whatever their order.</summary>
    public required string Digest { get; init; }

    /// <summary>A digest of the mappings, and of the settings that a restore keeps.</summary>
    public required string Shape { get; init; }
}

/// <summary>Reads all of an index.</summary>
internal sealed class ContentsReading(SearchIndex index)
{
    // What each index has of its own, and what a restore is told to leave out.
    private static readonly ImmutableArray<string> OfItsOwn =
    [
        "index.uuid",
        "index.creation_date",
        "index.provided_name",
        "index.version.",
        "index.history.",
        "index.routing.",
        "index.resize.",
        "index.blocks.",
        "index.number_of_replicas",
        "index.auto_expand_replicas",
        "index.verified_before_close",
        "index.lifecycle.",
    ];

    private static readonly BigInteger Modulus = BigInteger.One << (8 * SHA256.HashSizeInBytes);

    /// <summary>What was read; only after the end.</summary>
    public IndexContents Contents { get; private set; } =
        new()
        {
            Documents = 0,
            Digest = "",
            Shape = "",
        };

    /// <summary>Reads.</summary>
    public async IAsyncEnumerable<Progress> RunAsync(string doing, [EnumeratorCancellation] CancellationToken ct)
    {
        var info = await index.RequireAsync(ct);
        var total = await index.CountAsync(ct);
        var (documents, sum) = (0L, BigInteger.Zero);
        await foreach (var page in index.PagesAsync(null, content: true, ct))
        {
            documents += page.Count;
            // A sum does not depend on the order in which shards hand out their documents.
            sum = page.Select(Hash).Aggregate(sum, (all, one) => (all + one) % Modulus);
            yield return Progress.Count(documents, total, "documents", doing);
        }
        Contents = new IndexContents
        {
            Documents = documents,
            Digest = sum.ToString("x", System.Globalization.CultureInfo.InvariantCulture),
            Shape = Shape(info),
        };
    }

    /// <summary>Reads without telling.</summary>
    public static async Task<IndexContents> OfAsync(SearchIndex index, CancellationToken ct)
    {
        var reading = new ContentsReading(index);
        await foreach (var _ in reading.RunAsync("", ct)) { }
        return reading.Contents;
    }

    /// <summary>How many writes an index has taken since it was made: the number of the last one in each shard, added up.</summary>
    /// <remarks>https://www.elastic.co/guide/en/elasticsearch/reference/8.15/indices-stats.html with <c>level=shards</c>: <c>seq_no.max_seq_no</c>, -1 where nothing was written.</remarks>
    public static async Task<long> OperationsAsync(SearchIndex index, CancellationToken ct)
    {
        var answer = (
            await index.Transport.SendAsync(SearchRequest.Get(index.PathOf("_stats/docs?level=shards")), ct)
        ).Body;
        var shards = answer.Find("indices", index.Name, "shards");
        if (shards is null || answer.Number("_shards", "failed") > 0)
            throw OperationException.Transient($"{index.Place}: not every shard says how often it was written to");
        return shards
            .Value.EnumerateObject()
            .SelectMany(shard => shard.Value.EnumerateArray())
            .Where(copy => copy.IsTrue("routing", "primary"))
            .Sum(copy => copy.Number("seq_no", "max_seq_no") + 1);
    }

    private static BigInteger Hash(Document document)
    {
        var name = Encoding.UTF8.GetBytes($"{document.Id}\n{document.Routing}\n{document.Version}\n");
        return new BigInteger(
            SHA256.HashData([.. name, .. ContentHash.Of(document.Source)]),
            isUnsigned: true,
            isBigEndian: true
        );
    }

    private static string Shape(IndexInfo info)
    {
        var kept = info
            .Settings.EnumerateObject()
            .Where(setting => !OfItsOwn.Any(own => setting.Name.StartsWith(own, StringComparison.Ordinal)))
            .OrderBy(setting => setting.Name, StringComparer.Ordinal)
            .Select(setting => $"{setting.Name}={setting.Value}\n");
        var settings = Encoding.UTF8.GetBytes(string.Concat(kept));
        return Convert.ToHexStringLower(SHA256.HashData([.. ContentHash.Of(info.Mappings), .. settings]));
    }
}
