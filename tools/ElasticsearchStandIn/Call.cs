using System.Collections.Specialized;
using System.Text;
using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>One request.</summary>
internal sealed class Call(string method, string path, NameValueCollection query, byte[] body, string? opaqueId)
{
    public string Method => method;

    /// <summary>The parts of the path, decoded.</summary>
    public string[] Parts { get; } =
    [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];

    public string? OpaqueId => opaqueId;

    public string? this[string name] => query[name];

    /// <summary>The body as an object; empty when there is none.</summary>
    public JsonObject Json => body.Length == 0 ? [] : JsonNode.Parse(body)!.AsObject();

    /// <summary>The lines of a bulk request.</summary>
    public string[] Lines =>
        body.Length > 0 && body[^1] == (byte)'\n'
            ? Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            // docs-bulk.html: the final line must end with a newline.
            : throw new ApiException(
                400,
                "illegal_argument_exception",
                "The bulk request must be terminated by a newline [\\n]"
            );
}

/// <summary>An answer.</summary>
internal sealed record Result(int Status, JsonNode Body)
{
    public static Result Ok(JsonNode body) => new(200, body);

    public static Result Acknowledged => Ok(new JsonObject { ["acknowledged"] = true });
}
