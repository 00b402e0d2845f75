using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>Where a database is and who asks.</summary>
public sealed record PostgreSqlSettings : IIdentified
{
    /// <summary>The server's name or address, or the folder (absolute) of its unix socket.</summary>
    public required string Host { get; init; }

    /// <summary>The server's port. Default 5432.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>The role to log in as; the README names the privileges that each operation needs.</summary>
    public required string User { get; init; }

    /// <summary>The role's password; left out when the server asks for none.</summary>
    public Secret? Password { get; init; }

    /// <summary>How the connection is protected. Default: encrypted when the server offers it.</summary>
    public TlsMode Tls { get; init; } = TlsMode.Prefer;

    /// <summary>The file (absolute) with the certificates to trust, PEM. Default: those of the machine; backups and restores with <c>verify-ca</c> or <c>verify-full</c> need the file.</summary>
    public string? TlsRoot { get; init; }

    /// <summary>The folder in which <c>pg_dump</c> and <c>pg_restore</c> lie. Default: they are looked up in PATH.</summary>
    public string? Tools { get; init; }

    /// <summary>A database to stand in while databases are made, renamed and dropped. Default <c>postgres</c>.</summary>
    public string MaintenanceDatabase { get; init; } = "postgres";

    /// <inheritdoc/>
    public async ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct) =>
        await SystemIdentifier.ReadAsync(this, ct);
}

/// <summary>How a connection is protected; the words of libpq's <c>sslmode</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TlsMode>))]
public enum TlsMode
{
    /// <summary>Never encrypted.</summary>
    [JsonStringEnumMemberName("disable")]
    Disable,

    /// <summary>Encrypted when the server offers it.</summary>
    [JsonStringEnumMemberName("prefer")]
    Prefer,

    /// <summary>Always encrypted; who answers is not proven.</summary>
    [JsonStringEnumMemberName("require")]
    Require,

    /// <summary>Encrypted, and the server's certificate is signed by one that is trusted.</summary>
    [JsonStringEnumMemberName("verify-ca")]
    VerifyCa,

    /// <summary>As <c>verify-ca</c>, and the certificate names the host.</summary>
    [JsonStringEnumMemberName("verify-full")]
    VerifyFull,
}

[JsonSerializable(typeof(PostgreSqlSettings))]
internal sealed partial class PostgreSqlSettingsContext : JsonSerializerContext;
