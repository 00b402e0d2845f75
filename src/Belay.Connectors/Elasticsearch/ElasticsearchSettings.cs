using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>One cluster of Elasticsearch or OpenSearch, and who asks; the settings of a connection of kind <c>elasticsearch</c>.</summary>
public sealed record ElasticsearchSettings : IIdentified
{
    /// <summary>Where the cluster answers, <c>https://HOST:9200</c>, with a path if a proxy needs one. Never with a user or a password in it.</summary>
    public required string Url { get; init; }

    /// <summary>The user to log in as; the README names the privileges that each operation needs. Default: no login.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public Secret? Password { get; init; }

    /// <summary>An API key in its encoded form, in place of user and password. Default: none is sent.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>The file (absolute) with the certificate authorities to trust, PEM. Default: those of the machine.</summary>
    public string? TlsCa { get; init; }

    /// <summary>How long one answer may take. Default 30 seconds.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct)
    {
        using var transport = new SearchTransport(this, clock);
        return (await Product.ReadAsync(transport, ct)).ClusterUuid;
    }
}

[JsonSerializable(typeof(ElasticsearchSettings))]
internal sealed partial class ElasticsearchSettingsJson : JsonSerializerContext;
