using System.Net;
using System.Net.Sockets;
using System.Text;
using Belay.Parts;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>Stands between Belay and a stats socket, and keeps the first command of a kind from it.</summary>
internal sealed class StatsRelay : IAsyncDisposable
{
    private readonly int stats;
    private readonly string held;
    private readonly TcpListener listener = new(IPAddress.Loopback, FreePort.Take());
    private readonly TaskCompletionSource came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task serving;

    public StatsRelay(int stats, string held)
    {
        (this.stats, this.held) = (stats, held);
        listener.Start();
        serving = ServeAsync();
    }

    public string Address => $"{listener.LocalEndpoint}";

    /// <summary>The command has come, and the balancer has not got it.</summary>
    public Task Held => came.Task;

    public async ValueTask DisposeAsync()
    {
        ended.SetResult();
        listener.Dispose();
        await serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                _ = PassAsync(await listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                return;
            }
        }
    }

    // One command a connection, as HAProxy has it for scripts.
    private async Task PassAsync(TcpClient client)
    {
        using var from = client;
        try
        {
            using var reader = new StreamReader(from.GetStream(), Encoding.ASCII, leaveOpen: true);
            var command = await reader.ReadLineAsync() ?? "";
            // TrySetResult is false from the second time on: then it goes through.
            if (command.Contains(held, StringComparison.Ordinal) && came.TrySetResult())
            {
                await ended.Task;
                return;
            }
            using var to = new TcpClient();
            await to.ConnectAsync(IPAddress.Loopback, stats);
            await to.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\n"));
            await to.GetStream().CopyToAsync(from.GetStream());
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The one who asked was killed.
        }
    }
}
