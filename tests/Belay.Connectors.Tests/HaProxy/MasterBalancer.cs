using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.HaProxy;

// The tests of the connector process have a namespace of that name.
using Process = System.Diagnostics.Process;

/// <summary>HAProxy as a master with workers (<c>-W -S</c>), which reloads as a service does.</summary>
internal sealed class MasterBalancer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TestFolder folder = new();
    private readonly Process process;

    private MasterBalancer(Func<HaProxyFiles, string> configuration)
    {
        var place = folder.Folder("haproxy");
        var files = new HaProxyFiles(place, Path.Combine(place, "admin.sock"), Path.Combine(place, "servers.state"));
        (Socket, StateFile) = (files.Socket, files.StateFile);
        Master = Path.Combine(place, "master.sock");
        var file = Path.Combine(place, "haproxy.cfg");
        File.WriteAllText(file, configuration(files));
        // The kernel ends it with us, however we end.
        process = Process.Start(
            new ProcessStartInfo(
                "setpriv",
                ["--pdeathsig=KILL", PartsFolder.Find("haproxy"), "-W", "-S", Master, "-f", file]
            )
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public string Master { get; }

    /// <summary>The stats socket of the worker that serves.</summary>
    public string Socket { get; }

    public string StateFile { get; }

    public static async Task<MasterBalancer> StartAsync(Func<HaProxyFiles, string> configuration, CancellationToken ct)
    {
        var balancer = new MasterBalancer(configuration);
        Assert.True(await Poll.UntilAsync(async () => await balancer.CountWorkersAsync("# old", ct) == 1, Limit, ct));
        return balancer;
    }

    /// <summary>Asks the worker that serves.</summary>
    public Task<string> CommandAsync(string command, CancellationToken ct) => AskAsync(Socket, command, ct);

    /// <summary>Reloads; the state file is read as it lies there. Returns when a new worker serves.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        var before = await ShowAsync(ct);
        using var kill = Process.Start("kill", ["-USR2", $"{process.Id}"]);
        await kill.WaitForExitAsync(ct);
        Assert.True(
            await Poll.UntilAsync(
                async () =>
                    await CountWorkersAsync("# old", ct) == 1 && Serving(await ShowAsync(ct)) != Serving(before),
                Limit,
                ct
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Dispose();
    }

    private static string Serving(string answer) =>
        answer
            .Split("# old")[0]
            .Split('\n')
            .FirstOrDefault(l => l.Contains(" worker ", StringComparison.Ordinal), "")
            .Split(' ')[0];

    private async ValueTask<int> CountWorkersAsync(string end, CancellationToken ct) =>
        (await ShowAsync(ct)).Split(end)[0].Split('\n').Count(l => l.Contains(" worker ", StringComparison.Ordinal));

    private async Task<string> ShowAsync(CancellationToken ct)
    {
        try
        {
            return await AskAsync(Master, "show proc", ct);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return "";
        }
    }

    private static async Task<string> AskAsync(string path, string command, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), ct);
        socket.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(ct);
    }
}
