using System.Text.Json.Serialization;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb;

/// <summary>Where a database is and who asks.</summary>
public sealed record MongoDbSettings : IIdentified
{
    /// <summary>The name or address of one server: of a replica set, its primary.</summary>
    public required string Host { get; init; }

    /// <summary>The server's port. Default 27017.</summary>
    public int Port { get; init; } = 27017;

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>The user to log in as, by SCRAM-SHA-256; the README names the privileges that each operation needs. Default: no login.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public Secret? Password { get; init; }

    /// <summary>The database that knows the user. Default <c>admin</c>.</summary>
    public string AuthSource { get; init; } = "admin";

    /// <summary>Whether to speak TLS. Default false.</summary>
    public bool Tls { get; init; }

    /// <summary>The file (absolute) with the certificate authorities to trust, PEM. Default: those of the machine.</summary>
    public string? TlsCa { get; init; }

    /// <summary>The folder in which <c>mongodump</c> and <c>mongorestore</c> lie. Default: they are looked up in PATH.</summary>
    public string? Tools { get; init; }

    /// <summary>How long one answer of the server may take. Default 30 seconds.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct) =>
        Identity.ReadAsync(this, clock, ct);

    /// <summary><c>HOST:PORT</c>, for messages.</summary>
    [JsonIgnore]
    internal string Address => $"{Host}:{Port}";
}

[JsonSerializable(typeof(MongoDbSettings))]
internal sealed partial class MongoDbSettingsJson : JsonSerializerContext;
