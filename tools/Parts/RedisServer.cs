using System.Net.Sockets;
using System.Text;

namespace Belay.Parts;

/// <summary>A Redis or Valkey server of one's own on 127.0.0.1.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly RedisOptions options;
    private readonly ServerFolder folder;
    private readonly string name;
    private ServerProcess? process;

    private RedisServer(RedisOptions options, ServerFolder folder, int port)
    {
        (this.options, this.folder, Port) = (options, folder, port);
        name = options.Flavor is RedisFlavor.Valkey ? "valkey" : "redis";
    }

    /// <summary>The port on 127.0.0.1; the same after a restart.</summary>
    public int Port { get; }

    /// <summary><c>127.0.0.1:PORT</c>.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>The default user's password, if it has one.</summary>
    public string? Password => options.Password;

    /// <summary>Where its data, configuration and log lie.</summary>
    public string Folder => folder.Location;

    /// <summary>The file with all that it printed.</summary>
    public string LogFile => folder.File($"{name}.log");

    /// <summary>The id of the process that runs now.</summary>
    /// <exception cref="InvalidOperationException">It is stopped.</exception>
    public int Pid => (process ?? throw new InvalidOperationException($"{name} is stopped")).Pid;

    /// <summary>Starts a server and returns when it answers.</summary>
    /// <exception cref="ServerFailedException">It did not get ready.</exception>
    public static async Task<RedisServer> StartAsync(RedisOptions? options = null, CancellationToken ct = default)
    {
        options ??= new RedisOptions();
        var place = ServerFolder.Prepare(options.Folder, "redis");
        return await place.StartAsync(() =>
            FreePort.StartAsync(async port =>
            {
                var server = new RedisServer(options, place, port);
                await server.StartAgainAsync(ct);
                return server;
            })
        );
    }

    /// <summary>Starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/>: same port, same data.</summary>
    /// <exception cref="ServerFailedException">It did not get ready.</exception>
    public async Task StartAgainAsync(CancellationToken ct = default)
    {
        var configuration = folder.File($"{name}.conf");
        await WriteConfigurationAsync(configuration, ct);
        process = await ServerProcess.StartAsync(
            new ServerCommand
            {
                Program = PartsFolder.Find($"{name}-server"),
                Arguments = [configuration],
                Folder = Folder,
                LogFile = LogFile,
            },
            _ => AnswersAsync(ct),
            ct
        );
    }

    /// <summary>Lets it save its data and end.</summary>
    public async Task StopAsync()
    {
        if (process is { } running)
        {
            process = null;
            await running.DisposeAsync();
        }
    }

    /// <summary>Kills it as a crash would: what it had not written to disk is lost.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            process = null;
            await running.KillAsync();
            await running.DisposeAsync();
        }
    }

    /// <summary>Runs one command through the command-line client: its answer, without the last line break.</summary>
    /// <exception cref="InvalidOperationException">The server answered with an error.</exception>
    public async Task<string> CommandAsync(params string[] command)
    {
        var output = await Tool.RunAsync(
            PartsFolder.Find($"{name}-cli"),
            ["-e", "--raw", "-h", "127.0.0.1", "-p", $"{Port}", .. command],
            CancellationToken.None,
            // Through the environment: an argument would show in the process list.
            Password is { } password
                ? new Dictionary<string, string> { ["REDISCLI_AUTH"] = password }
                : null
        );
        return output.TrimEnd('\n');
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Remove();
    }

    private async Task WriteConfigurationAsync(string file, CancellationToken ct)
    {
        string[] lines =
        [
            $"port {Port}",
            "bind 127.0.0.1",
            $"dir \"{Folder}\"",
            // One save point, far off: without any, it would not save on SIGTERM either.
            "save 3600 1",
            .. Password is { } password ? [$"requirepass {Quoted(password)}"] : Array.Empty<string>(),
            .. options.Configuration,
        ];
        await File.WriteAllTextAsync(file, "", ct);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllLinesAsync(file, lines, ct);
    }

    // It listens before it has loaded its data, and answers -LOADING until then.
    private async ValueTask<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, ct);
            var stream = client.GetStream();
            // Inline commands take the same quoting as the configuration file.
            var ping = Password is { } password ? $"AUTH {Quoted(password)}\r\nPING\r\n" : "PING\r\n";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(ping), ct);
            using var reader = new StreamReader(stream);
            var answer = await reader.ReadLineAsync(ct);
            return (Password is null ? answer : await reader.ReadLineAsync(ct)) == "+PONG";
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return false;
        }
    }

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
