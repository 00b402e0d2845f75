using Npgsql;

namespace Belay.Parts;

/// <summary>A pooler of one's own on 127.0.0.1, in front of a PostgreSQL server. When we are root, which it refuses, the user <c>nobody</c> runs it.</summary>
public sealed class PgBouncerServer : IAsyncDisposable
{
    private readonly PgBouncerOptions options;
    private readonly ServerFolder folder;
    private ServerProcess? process;

    private PgBouncerServer(PgBouncerOptions options, ServerFolder folder, int port) =>
        (this.options, this.folder, Port) = (options, folder, port);

    /// <summary>The port on 127.0.0.1; the same after a restart.</summary>
    public int Port { get; }

    /// <summary>Where its files lie.</summary>
    public string Folder => folder.Location;

    /// <summary>Its configuration.</summary>
    public string ConfigurationFile => folder.File("pgbouncer.ini");

    /// <summary>The file with all that it printed.</summary>
    public string LogFile => folder.File("pgbouncer.log");

    /// <summary>Starts a pooler and returns when it lets clients in.</summary>
    /// <exception cref="ServerFailedException">It did not get ready.</exception>
    public static async Task<PgBouncerServer> StartAsync(PgBouncerOptions options, CancellationToken ct = default)
    {
        var place = ServerFolder.Prepare(wanted: null, "pgbouncer");
        return await place.StartAsync(async () =>
        {
            await Account.CreateFolderAsync(place.Location, ct);
            return await FreePort.StartAsync(async port =>
            {
                var server = new PgBouncerServer(options, place, port);
                await server.ConfigureAsync(ct);
                await server.StartAgainAsync(ct);
                return server;
            });
        });
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>: same port, the configuration as it lies there.</summary>
    /// <exception cref="ServerFailedException">It did not get ready.</exception>
    public async Task StartAgainAsync(CancellationToken ct = default) =>
        process = await ServerProcess.StartAsync(
            new ServerCommand
            {
                Program = PartsFolder.Find("pgbouncer"),
                Arguments = [ConfigurationFile],
                Folder = Folder,
                LogFile = LogFile,
                AsUnprivileged = true,
            },
            _ => AnswersAsync(ct),
            ct
        );

    /// <summary>Kills it as a crash would.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            process = null;
            await running.KillAsync();
            await running.DisposeAsync();
        }
    }

    /// <summary>What Npgsql connects with.</summary>
    public string ConnectionString(string user, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = user,
            Password = options.Users[user],
            Database = database,
            Pooling = false,
            // In this mode a session is another one after each transaction.
            NoResetOnClose = true,
        }.ConnectionString;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is { } running)
        {
            process = null;
            await running.DisposeAsync();
        }
        folder.Remove();
    }

    private async Task ConfigureAsync(CancellationToken ct)
    {
        await WriteAsync(
            "users.txt",
            options.Users.Select(user =>
                $"\"{user.Key}\" \"{user.Value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            ),
            ct
        );
        await WriteAsync(
            "pgbouncer.ini",
            [
                "[databases]",
                options.Database,
                "",
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                $"listen_port = {Port}",
                "unix_socket_dir =",
                $"auth_type = {options.Authentication}",
                $"auth_file = {folder.File("users.txt")}",
                $"admin_users = {options.Administrator}",
                $"pool_mode = {options.Mode}",
                "ignore_startup_parameters = extra_float_digits",
                .. options.Settings,
            ],
            ct
        );
    }

    private async Task WriteAsync(string name, IEnumerable<string> lines, CancellationToken ct)
    {
        var file = folder.File(name);
        await File.WriteAllLinesAsync(file, lines, ct);
        if (Account.Unprivileged is { } user)
        {
            await Tool.RunAsync("chown", [user, file], ct);
        }
    }

    // Its console speaks the simple protocol alone, which the driver does not: that a login is asked for is enough.
    private async ValueTask<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, ct);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
