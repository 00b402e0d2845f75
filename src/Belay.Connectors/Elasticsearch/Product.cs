using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Which product answers, and which cluster of it.</summary>
/// <remarks>
/// <c>GET /</c> (https://www.elastic.co/guide/en/elasticsearch/reference/8.15/rest-api-root.html,
/// https://docs.opensearch.org/latest/api-reference/): OpenSearch says its name as <c>version.distribution</c>, and in its tagline also when it
/// is told to give itself out as Elasticsearch 7.10.2.
/// </remarks>
/// <param name="Name"><c>elasticsearch</c> or <c>opensearch</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="ClusterUuid">The id that the cluster gave itself when it was formed.</param>
internal sealed record Product(string Name, string Version, string ClusterUuid)
{
    public const string Elasticsearch = "elasticsearch";
    public const string OpenSearch = "opensearch";

    // What a node says before it has joined a cluster.
    private const string NotYet = "_na_";

    /// <summary>Asks.</summary>
    /// <exception cref="OperationException">It cannot be reached, is neither product, or has formed no cluster yet.</exception>
    public static async Task<Product> ReadAsync(SearchTransport transport, CancellationToken ct)
    {
        var root = (await transport.SendAsync(SearchRequest.Get(""), ct)).Body;
        var tagline = root.Text("tagline") ?? "";
        var name =
            root.Text("version", "distribution") == OpenSearch
            || tagline.Contains("OpenSearch", StringComparison.OrdinalIgnoreCase)
                ? OpenSearch
            : tagline.Contains("for Search", StringComparison.OrdinalIgnoreCase) ? Elasticsearch
            : throw OperationException.Refused(
                $"{transport.Place} answers, and is neither Elasticsearch nor OpenSearch: correct the url of the connection"
            );
        var (version, uuid) = (root.Text("version", "number"), root.Text("cluster_uuid"));
        if (version is null || uuid is null or NotYet)
            throw OperationException.Transient($"{transport.Place} belongs to no cluster yet");
        return new Product(name, version, uuid);
    }
}
