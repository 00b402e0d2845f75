using System.Net;
using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch.Wire;

/// <summary>What a cluster's refusals mean.</summary>
/// <remarks>The form of errors: https://www.elastic.co/guide/en/elasticsearch/reference/8.15/common-options.html, and each API's page.</remarks>
internal static class SearchFailures
{
    /// <summary>The failure that an answer stands for.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="place">Of whom.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">The answer's body, as far as it is JSON.</param>
    public static OperationException Of(SearchRequest request, string place, HttpStatusCode status, JsonElement body)
    {
        var words = $"{place}: {request.Method} {request.Path.Split('?')[0]}: {(int)status} {Reason(body)}".TrimEnd();
        return status switch
        {
            // Turned away before anything was done: a full queue (es_rejected_execution_exception), or a circuit breaker.
            HttpStatusCode.TooManyRequests => OperationException.Transient(words),
            // Also a proxy in front of the cluster says these; what lies behind it may have happened.
            >= HttpStatusCode.InternalServerError => NoAnswer(request, words, null),
            HttpStatusCode.Unauthorized => OperationException.Refused(
                $"{words}: correct the user, the password or the API key of the connection"
            ),
            HttpStatusCode.Forbidden when !IsBlock(body) => OperationException.Refused(
                $"{words}: the user lacks a privilege; the connector's README names those of each operation"
            ),
            _ => OperationException.Refused(words),
        };
    }

    /// <summary>A request that was not answered to its end.</summary>
    public static OperationException NoAnswer(SearchRequest request, string words, Exception? inner) =>
        new(request.IsHarmlessToRepeat ? FailureKind.Transient : FailureKind.OutcomeUnknown, words, inner);

    /// <summary>The type and the reason that an error gives, in one line.</summary>
    public static string Reason(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return "";
        var error = body.TryGetProperty("error", out var inner) ? inner : body;
        // Some APIs say it as a text: {"error": "alias [x] missing", "status": 404}.
        if (error.ValueKind != JsonValueKind.Object)
            return error.ToString();
        var cause = error.TryGetProperty("caused_by", out var by) ? $" ({Reason(by)})" : "";
        return $"{error.Text("type")} {error.Text("reason")}{cause}".Trim();
    }

    /// <summary>Whether an index refuses writes, which no privilege changes (cluster_block_exception).</summary>
    private static bool IsBlock(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty("error", out var error)
        && error.ValueKind == JsonValueKind.Object
        && error.Text("type") == "cluster_block_exception";
}
