using System.Collections.Immutable;

namespace Belay.Parts;

/// <summary>
/// An HAProxy of one's own: one process that serves, and after reloads older ones that only finish what they have.
/// </summary>
public sealed class HaProxyServer : IAsyncDisposable
{
    private readonly ServerFolder folder;
    private readonly HaProxyFiles files;
    private ImmutableList<ServerProcess> processes = [];

    private HaProxyServer(ServerFolder folder)
    {
        this.folder = folder;
        files = new(folder.Location, folder.File("admin.sock"), folder.File("servers.state"));
    }

    /// <summary>Where its configuration, log, socket and state file lie.</summary>
    public string Folder => folder.Location;

    /// <summary>The admin socket of the process that serves.</summary>
    public string Socket => files.Socket;

    /// <summary>The state file that a reload hands from the old process to the new one.</summary>
    public string StateFile => files.StateFile;

    /// <summary>The file with all that it printed.</summary>
    public string LogFile => folder.File("haproxy.log");

    /// <summary>The file with its configuration.</summary>
    public string ConfigurationFile => folder.File("haproxy.cfg");

    /// <summary>The id of the process that serves.</summary>
    /// <exception cref="InvalidOperationException">It is stopped.</exception>
    public int Pid =>
        processes is [.., var serving] ? serving.Pid : throw new InvalidOperationException("haproxy is stopped");

    /// <summary>The ids of the processes of earlier configurations that still have connections.</summary>
    public IReadOnlyList<int> LeavingPids =>
        [.. processes.SkipLast(1).Where(old => !old.HasExited).Select(old => old.Pid)];

    /// <summary>Starts a server and returns when its socket answers.</summary>
    /// <exception cref="ServerFailedException">It did not get ready; a wrong configuration is told in the message.</exception>
    public static async Task<HaProxyServer> StartAsync(HaProxyOptions options, CancellationToken ct = default)
    {
        var place = ServerFolder.Prepare(options.Folder, "haproxy");
        return await place.StartAsync(() =>
            FreePort.RetryAsync(async () =>
            {
                var server = new HaProxyServer(place);
                await server.ServeAsync(options.Configuration(server.files), [], ct);
                return server;
            })
        );
    }

    /// <summary>Sends a command to the admin socket of the process that serves.</summary>
    /// <returns>The answer, without line breaks around it.</returns>
    public Task<string> CommandAsync(string command, CancellationToken ct = default) =>
        HaProxySocket.AskAsync(Socket, command, ct);

    /// <summary>
    /// Reloads: saves the servers' states, starts a new process that takes the listening ports over, and lets the old
    /// one finish its connections (<c>-sf</c>). Returns when the new one serves.
    /// </summary>
    /// <param name="configuration">The new text; the present one when null.</param>
    /// <param name="saveState">False loses what was set at run time, as a careless reload does.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="ServerFailedException">The new one refused; the old one serves on.</exception>
    public async Task ReloadAsync(string? configuration = null, bool saveState = true, CancellationToken ct = default)
    {
        var state = saveState ? await CommandAsync("show servers state", ct) + "\n" : "";
        await File.WriteAllTextAsync(StateFile, state, ct);
        await ServeAsync(configuration ?? await File.ReadAllTextAsync(ConfigurationFile, ct), ["-sf", $"{Pid}"], ct);
    }

    /// <summary>Ends all its processes at once, connections or not; starting again is a new server.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        processes = [];
        folder.Remove();
    }

    private async Task ServeAsync(string configuration, ImmutableArray<string> takeOver, CancellationToken ct)
    {
        await File.WriteAllTextAsync(ConfigurationFile, configuration, ct);
        var process = await ServerProcess.StartAsync(
            new ServerCommand
            {
                Program = PartsFolder.Find("haproxy"),
                // -db keeps it in the foreground, so that its process id is the one we started.
                Arguments = ["-db", "-f", ConfigurationFile, .. takeOver],
                Folder = Folder,
                LogFile = LogFile,
            },
            pid => ServesAsync(pid, ct),
            ct
        );
        processes = processes.Add(process);
    }

    // The old process answers on the same path until the new one has taken it over.
    private async ValueTask<bool> ServesAsync(int pid, CancellationToken ct) =>
        await HaProxySocket.ServingPidAsync(Socket, ct) == pid;
}
