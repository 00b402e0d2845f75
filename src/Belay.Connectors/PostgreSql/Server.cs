using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>The server of a connection: opens sessions on its databases. A session is closed by its caller and never shared.</summary>
internal sealed class Server(PostgreSqlSettings settings, string connection)
{
    /// <summary>What the sessions are called in <c>pg_stat_activity</c>.</summary>
    public const string ApplicationName = "belay";

    /// <summary>How long a reading may take before the server counts as unreachable.</summary>
    private const int ReadSeconds = 30;

    private const int ConnectSeconds = 10;

    /// <summary>The settings.</summary>
    public PostgreSqlSettings Settings => settings;

    /// <summary>The database of the connection.</summary>
    public string Database => settings.Database;

    /// <summary>Where we are, for people: <c>connection 'db' (shop at 127.0.0.1:5432)</c>.</summary>
    public string Place => $"connection '{connection}' ({settings.Database} at {settings.Host}:{settings.Port})";

    /// <summary>Opens a session on the connection's database for short readings.</summary>
    public Task<NpgsqlConnection> OpenAsync(CancellationToken ct) => OpenAsync(settings.Database, ReadSeconds, ct);

    /// <summary>Opens a session for work that lasts; the server's own limits and <paramref name="ct"/> end it.</summary>
    public Task<NpgsqlConnection> OpenForWorkAsync(CancellationToken ct) => OpenAsync(settings.Database, 0, ct);

    /// <summary>Opens a session for work that lasts on another database of the server.</summary>
    public Task<NpgsqlConnection> OpenForWorkAsync(string database, CancellationToken ct) => OpenAsync(database, 0, ct);

    /// <summary>Opens a session on the maintenance database.</summary>
    public Task<NpgsqlConnection> OpenMaintenanceAsync(CancellationToken ct) =>
        OpenAsync(settings.MaintenanceDatabase, 0, ct);

    private async Task<NpgsqlConnection> OpenAsync(string database, int commandSeconds, CancellationToken ct)
    {
        RequireRoot();
        var session = new NpgsqlConnection(ConnectionString(database, commandSeconds));
        try
        {
            await session.OpenAsync(ct);
            return session;
        }
        catch (Exception e)
        {
            await session.DisposeAsync();
            if (Failures.Of(e, Place) is { } failure)
                throw failure;
            throw;
        }
    }

    // The driver says of such a file that the server's certificate was rejected.
    private void RequireRoot()
    {
        if (settings.TlsRoot is not { } file)
            return;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw OperationException.Refused($"{Place}: the certificates of {file} cannot be read: {e.Message}", e);
        }
        if (authorities.Count == 0)
            throw OperationException.Refused($"{Place}: {file} holds no certificate (PEM)");
    }

    private string ConnectionString(string database, int commandSeconds) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = settings.Host,
            Port = settings.Port,
            Database = database,
            Username = settings.User,
            Password = settings.Password?.Reveal(),
            SslMode = settings.Tls switch
            {
                TlsMode.Disable => SslMode.Disable,
                TlsMode.Prefer => SslMode.Prefer,
                TlsMode.Require => SslMode.Require,
                TlsMode.VerifyCa => SslMode.VerifyCA,
                TlsMode.VerifyFull => SslMode.VerifyFull,
                _ => throw new ArgumentOutOfRangeException(nameof(database)),
            },
            RootCertificate = settings.TlsRoot,
            ApplicationName = ApplicationName,
            Timeout = ConnectSeconds,
            CommandTimeout = commandSeconds,
            // A session kept in a pool would stand in the way of renames, and would hide that the server went away.
            Pooling = false,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 10,
            TcpKeepAliveInterval = 5,
        }.ConnectionString;
}
