using System.Text.Json.Nodes;

namespace Belay.ElasticsearchStandIn;

/// <summary>A refusal, in the form that all APIs have (https://www.elastic.co/guide/en/elasticsearch/reference/8.15/common-options.html).</summary>
internal sealed class ApiException(int status, string type, string reason) : Exception(reason)
{
    public int Status => status;

    public string Type => type;

    public JsonObject ToJson() => new() { ["error"] = Cause(), ["status"] = status };

    public JsonObject Cause() => new() { ["type"] = type, ["reason"] = Message };

    public static ApiException NoIndex(string name) => new(404, "index_not_found_exception", $"no such index [{name}]");
}
