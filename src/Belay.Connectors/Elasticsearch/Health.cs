using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>What a cluster shall be.</summary>
public sealed record HealthInputs
{
    /// <summary>The cluster.</summary>
    [Connection("elasticsearch")]
    public required string Connection { get; init; }

    /// <summary>The product, <c>elasticsearch</c> or <c>opensearch</c>. Default: either.</summary>
    public string? Product { get; init; }

    /// <summary>How its version begins, whole numbers between the dots: <c>"8"</c>, <c>"8.15"</c>. Default: any.</summary>
    public string? Version { get; init; }

    /// <summary>The least status. Default <c>green</c>.</summary>
    public ClusterStatus Status { get; init; } = ClusterStatus.Green;

    /// <summary>How many nodes it has at least. Default 1.</summary>
    public int Nodes { get; init; } = 1;
}

/// <summary>How a cluster says that it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClusterStatus>))]
public enum ClusterStatus
{
    /// <summary>A primary shard is missing: searches find a part, and writes to it fail.</summary>
    [JsonStringEnumMemberName("red")]
    Red,

    /// <summary>All primary shards are there, and not all of their copies.</summary>
    [JsonStringEnumMemberName("yellow")]
    Yellow,

    /// <summary>All shards and their copies are there.</summary>
    [JsonStringEnumMemberName("green")]
    Green,
}

/// <summary>What a cluster says of itself.</summary>
public sealed record HealthState
{
    /// <summary>The product that answers: <c>elasticsearch</c> or <c>opensearch</c>.</summary>
    public required string Product { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>The id of the cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>Its status.</summary>
    public required ClusterStatus Status { get; init; }

    /// <summary>How many nodes it has.</summary>
    public required long Nodes { get; init; }

    /// <summary>How many shards no node holds.</summary>
    public required long UnassignedShards { get; init; }
}

/// <summary>Checks which product and version a cluster is, and how it is.</summary>
internal sealed class Health(HealthInputs inputs, IScope scope) : ICheck<HealthState>
{
    /// <summary>The definition of <c>elasticsearch.health</c>.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<HealthInputs, HealthState>(
            "elasticsearch.health",
            "Checks product, version, status and nodes of a cluster of Elasticsearch or OpenSearch",
            options => new HealthJson(options),
            inputs => [new Touch($"elasticsearch:{inputs.Connection}", TouchKind.Read) { Proves = Proof.Serves }],
            (inputs, scope) => new Health(inputs, scope),
            Problems
        );

    /// <inheritdoc/>
    public async ValueTask<HealthState> ObserveAsync(CancellationToken ct)
    {
        using var transport = new SearchTransport(
            scope.Connection<ElasticsearchSettings>(inputs.Connection),
            scope.Clock
        );
        var product = await Elasticsearch.Product.ReadAsync(transport, ct);
        var health = (await transport.SendAsync(SearchRequest.Get("_cluster/health"), ct)).Body;
        return new HealthState
        {
            Product = product.Name,
            Version = product.Version,
            Cluster = product.ClusterUuid,
            Status = health.Text("status") switch
            {
                "green" => ClusterStatus.Green,
                "yellow" => ClusterStatus.Yellow,
                "red" => ClusterStatus.Red,
                var other => throw OperationException.Transient($"{transport.Place} says its status is '{other}'"),
            },
            Nodes = health.Number("number_of_nodes"),
            UnassignedShards = health.Number("unassigned_shards"),
        };
    }

    /// <inheritdoc/>
    public Verdict Judge(HealthState observed) =>
        inputs.Product is { } product && observed.Product != product
            ? new Verdict.Broken($"{inputs.Connection} is {observed.Product} {observed.Version}, not {product}")
        : inputs.Version is { } version && !$"{observed.Version}.".StartsWith($"{version}.", StringComparison.Ordinal)
            ? new Verdict.NotYet($"{inputs.Connection} is {observed.Product} {observed.Version}, not {version}")
        : observed.Status < inputs.Status
            ? new Verdict.NotYet(
                $"{inputs.Connection} is {Word(observed.Status)}, not {Word(inputs.Status)}: {observed.UnassignedShards} shards are on no node"
            )
        : observed.Nodes < inputs.Nodes
            ? new Verdict.NotYet($"{inputs.Connection} has {observed.Nodes} nodes, not {inputs.Nodes}")
        : Verdict.Ok;

    private static string Word(ClusterStatus status) =>
        status switch
        {
            ClusterStatus.Green => "green",
            ClusterStatus.Yellow => "yellow",
            _ => "red",
        };

    private static IEnumerable<InputProblem> Problems(HealthInputs inputs)
    {
        if (inputs.Product is not (null or Elasticsearch.Product.Elasticsearch or Elasticsearch.Product.OpenSearch))
            yield return new InputProblem("product", "elasticsearch or opensearch is expected");
        if (inputs.Nodes < 1)
            yield return new InputProblem("nodes", "at least 1 is expected");
    }
}

[JsonSerializable(typeof(HealthInputs))]
[JsonSerializable(typeof(HealthState))]
internal sealed partial class HealthJson : JsonSerializerContext;
