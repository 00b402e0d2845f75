using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Belay.Connectors.Elasticsearch.Wire;

/// <summary>One request to a cluster.</summary>
/// <param name="Method">GET, PUT, ...</param>
/// <param name="Path">The path below the cluster's address, and the query, encoded already.</param>
internal sealed record SearchRequest(HttpMethod Method, string Path)
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";

    /// <summary>The body; null: none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The body's type.</summary>
    public string BodyType { get; init; } = Json;

    /// <summary>Statuses that are an answer and no failure, besides 200 to 299.</summary>
    public ImmutableArray<HttpStatusCode> Expected { get; init; } = [];

    /// <summary>Whether asking again does no harm though the first one may have been carried out.</summary>
    public bool IsHarmlessToRepeat { get; init; }

    /// <summary>What the cluster keeps as X-Opaque-Id with a task that the request starts; null: nothing.</summary>
    public string? OpaqueId { get; init; }

    /// <summary>A GET.</summary>
    public static SearchRequest Get(string path, params ImmutableArray<HttpStatusCode> expected) =>
        new(HttpMethod.Get, path) { Expected = expected, IsHarmlessToRepeat = true };

    /// <summary>A POST that only reads.</summary>
    public static SearchRequest Read(string path, JsonNode? body = null) =>
        new(HttpMethod.Post, path) { Body = Bytes(body), IsHarmlessToRepeat = true };

    /// <summary>A request that alters something.</summary>
    public static SearchRequest Write(HttpMethod method, string path, JsonNode? body = null) =>
        new(method, path) { Body = Bytes(body) };

    /// <summary>A request of several lines of JSON, which may be repeated: each of its lines says under which condition it holds.</summary>
    public static SearchRequest Bulk(string path, byte[] lines) =>
        new(HttpMethod.Post, path)
        {
            Body = lines,
            BodyType = Lines,
            IsHarmlessToRepeat = true,
        };

    private static byte[]? Bytes(JsonNode? body) => body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString());
}

/// <summary>An answer that is no failure.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body; of kind undefined when it is empty.</param>
internal sealed record SearchAnswer(HttpStatusCode Status, JsonElement Body)
{
    /// <summary>There is no such thing.</summary>
    public bool IsMissing => Status == HttpStatusCode.NotFound;
}
