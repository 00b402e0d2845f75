using Npgsql;

namespace Belay.Parts;

/// <summary>
/// A PostgreSQL server of one's own on 127.0.0.1 and on a unix socket in its folder. When we are root, which
/// PostgreSQL refuses, the user <c>nobody</c> runs it and owns its folder.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The superuser's name.</summary>
    public const string User = "postgres";

    // "Fast" shutdown: SIGTERM would wait until the last client has left.
    private const int FastShutdown = Signal.Interrupt;
    private readonly PostgresOptions options;
    private readonly ServerFolder folder;
    private ServerProcess? process;

    private PostgresServer(PostgresOptions options, ServerFolder folder, int port) =>
        (this.options, this.folder, Port) = (options, folder, port);

    /// <summary>The port on 127.0.0.1; the same after a restart.</summary>
    public int Port { get; }

    /// <summary>The superuser's password over TCP, if it has one.</summary>
    public string? Password => options.Password;

    /// <summary>Where its data, log and socket lie.</summary>
    public string Folder => folder.Location;

    /// <summary>The folder of its unix socket: what clients take as the host's name to use it.</summary>
    public string SocketFolder => Folder;

    /// <summary>The file with all that it printed.</summary>
    public string LogFile => folder.File("postgresql.log");

    /// <summary>The id of the process that runs now.</summary>
    /// <exception cref="InvalidOperationException">It is stopped.</exception>
    public int Pid => (process ?? throw new InvalidOperationException("postgres is stopped")).Pid;

    /// <summary>Starts a server with an empty database <c>postgres</c> and returns when it answers.</summary>
    /// <exception cref="ServerFailedException">It did not get ready.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresOptions? options = null, CancellationToken ct = default)
    {
        options ??= new PostgresOptions();
        var place = ServerFolder.Prepare(options.Folder, "postgres");
        return await place.StartAsync(async () =>
        {
            await PrepareDataAsync(place, options, ct);
            return await FreePort.StartAsync(async port =>
            {
                var server = new PostgresServer(options, place, port);
                await server.StartAgainAsync(ct);
                return server;
            });
        });
    }

    /// <summary>Starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/>: same port, same data.</summary>
    /// <exception cref="ServerFailedException">It did not get ready.</exception>
    public async Task StartAgainAsync(CancellationToken ct = default)
    {
        await WriteAccessRulesAsync(ct);
        if (options.Tls is { } tls)
        {
            await WriteAsync("server.crt", tls.Certificate, ct);
            await WriteAsync("server.key", tls.Key, ct);
        }

        process = await ServerProcess.StartAsync(
            new ServerCommand
            {
                Program = PartsFolder.Find(options.Program("postgres")),
                Arguments = [.. Arguments()],
                Folder = Folder,
                LogFile = LogFile,
                StopSignal = FastShutdown,
                AsUnprivileged = true,
            },
            _ => AnswersAsync(ct),
            ct
        );
        if (Password is { } password)
        {
            await ExecuteAsync(
                $"ALTER ROLE {User} PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'",
                ct: ct
            );
        }
    }

    /// <summary>What Npgsql connects with, over TCP.</summary>
    public string ConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = User,
            Password = Password,
            Database = database,
        }.ConnectionString;

    /// <summary>Runs statements over the unix socket; the first column of the first row, if there is one.</summary>
    public async Task<object?> ExecuteAsync(string sql, string database = "postgres", CancellationToken ct = default)
    {
        await using var connection = new NpgsqlConnection(SocketConnectionString(database));
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Sends its clients away and lets it end in order.</summary>
    public async Task StopAsync()
    {
        if (process is { } running)
        {
            process = null;
            await running.DisposeAsync();
        }
    }

    /// <summary>Kills it as a crash would; it recovers from its log at the next start.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            process = null;
            await running.KillAsync();
            await running.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Remove();
    }

    private static async Task PrepareDataAsync(ServerFolder place, PostgresOptions options, CancellationToken ct)
    {
        await Account.CreateFolderAsync(place.Location, ct);
        if (Directory.Exists(place.File("data")))
        {
            return;
        }

        if (options.OwnIdentifier)
        {
            await PostgresTemplate.InitializeAsync(options, place.File("data"), ct);
        }
        else
        {
            await PostgresTemplate.CopyToAsync(options, place.File("data"), ct);
        }
    }

    private IEnumerable<string> Arguments()
    {
        string[] settings =
        [
            $"port={Port}",
            "listen_addresses=127.0.0.1",
            $"unix_socket_directories={SocketFolder}",
            $"hba_file={folder.File("pg_hba.conf")}",
            // Version 13 would still keep passwords as md5, which the access rules do not take.
            "password_encryption=scram-sha-256",
            $"fsync={(options.Durable ? "on" : "off")}",
            .. options.Tls is null
                ? Array.Empty<string>()
                : ["ssl=on", $"ssl_cert_file={folder.File("server.crt")}", $"ssl_key_file={folder.File("server.key")}"],
            .. options.Settings,
        ];
        return ["-D", folder.File("data"), .. settings.SelectMany(setting => new[] { "-c", setting })];
    }

    private async Task WriteAccessRulesAsync(CancellationToken ct)
    {
        var method = Password is null ? "trust" : "scram-sha-256";
        string[] rules =
        [
            "local all         all              trust",
            "local replication all              trust",
            $"host  all         all 127.0.0.1/32 {method}",
            $"host  replication all 127.0.0.1/32 {method}",
        ];
        await File.WriteAllLinesAsync(folder.File("pg_hba.conf"), rules, ct);
    }

    // PostgreSQL wants its key to belong to the one who runs it, and to be closed to others.
    private async Task WriteAsync(string name, string content, CancellationToken ct)
    {
        var file = folder.File(name);
        await File.WriteAllTextAsync(file, "", ct);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(file, content, ct);
        if (Account.Unprivileged is { } user)
        {
            await Tool.RunAsync("chown", [user, file], ct);
        }
    }

    private async ValueTask<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await ExecuteAsync("SELECT 1", ct: ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private string SocketConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = SocketFolder,
            Port = Port,
            Username = User,
            Database = database,
            // A pooled connection would hold on to a server that is about to be ended.
            Pooling = false,
        }.ConnectionString;
}
