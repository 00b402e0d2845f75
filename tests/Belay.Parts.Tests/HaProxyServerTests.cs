using System.Net.Sockets;
using static Belay.Parts.Tests.HaProxyConfiguration;

namespace Belay.Parts.Tests;

public sealed class HaProxyServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_serves_its_configuration_and_obeys_its_admin_socket()
    {
        var port = 0;
        await using var server = await HaProxyServer.StartAsync(
            new() { Configuration = files => Text(files, port = FreePort.Take()) },
            Ct
        );

        await server.CommandAsync("set server shop/web1 state drain", Ct);

        Assert.Contains("503", await AnswerAsync(port), StringComparison.Ordinal);
        Assert.True(await DrainsAsync(server));
    }

    [Fact]
    public async Task A_reload_keeps_what_was_set_at_run_time_and_the_old_process_leaves()
    {
        await using var server = await HaProxyServer.StartAsync(
            new() { Configuration = files => Text(files, FreePort.Take()) },
            Ct
        );
        await server.CommandAsync("set server shop/web1 state drain", Ct);
        var old = server.Pid;

        await server.ReloadAsync(ct: Ct);

        Assert.NotEqual(old, server.Pid);
        Assert.True(await DrainsAsync(server));
        Assert.True(
            await Poll.UntilAsync(() => ValueTask.FromResult(!LiveProcess.Runs(old)), TimeSpan.FromSeconds(10), Ct)
        );
    }

    [Fact]
    public async Task A_reload_without_a_state_file_forgets_what_was_set_at_run_time()
    {
        await using var server = await HaProxyServer.StartAsync(
            new() { Configuration = files => Text(files, FreePort.Take()) },
            Ct
        );
        await server.CommandAsync("set server shop/web1 state drain", Ct);

        await server.ReloadAsync(saveState: false, ct: Ct);

        Assert.False(await DrainsAsync(server));
    }

    [Fact]
    public async Task The_old_process_stays_while_it_has_a_connection_and_both_end_with_the_server()
    {
        var port = 0;
        var server = await HaProxyServer.StartAsync(
            new() { Configuration = files => Text(files, port = FreePort.Take()) },
            Ct
        );
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Ct);
        // Half a request: the connection counts as busy.
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\n"u8.ToArray(), Ct);
        var old = server.Pid;

        await server.ReloadAsync(ct: Ct);

        Assert.Equal([old], server.LeavingPids);
        var (serving, folder) = (server.Pid, server.Folder);
        await server.DisposeAsync();
        Assert.False(LiveProcess.Runs(old));
        Assert.False(LiveProcess.Runs(serving));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_reload_with_a_wrong_configuration_is_refused_and_the_old_one_serves_on()
    {
        var port = 0;
        await using var server = await HaProxyServer.StartAsync(
            new() { Configuration = files => Text(files, port = FreePort.Take()) },
            Ct
        );
        var old = server.Pid;

        var failure = await Assert.ThrowsAsync<ServerFailedException>(() =>
            server.ReloadAsync("no-such-keyword", ct: Ct)
        );

        Assert.Contains("no-such-keyword", failure.Message, StringComparison.Ordinal);
        Assert.Equal(old, server.Pid);
        Assert.Contains("503", await AnswerAsync(port), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_starts_on_another_port_when_the_first_one_is_taken()
    {
        using var squatter = new TcpListener(System.Net.IPAddress.Loopback, 0);
        squatter.Start();
        var taken = ((System.Net.IPEndPoint)squatter.LocalEndpoint).Port;
        var asked = new List<int>();

        await using var server = await HaProxyServer.StartAsync(
            new()
            {
                Configuration = files =>
                {
                    asked.Add(asked.Count == 0 ? taken : FreePort.Take());
                    return Text(files, asked[^1]);
                },
            },
            Ct
        );

        Assert.Equal(2, asked.Count);
        Assert.Contains("503", await AnswerAsync(asked[1]), StringComparison.Ordinal);
    }

    private static async Task<string?> AnswerAsync(int port) =>
        await Wire.FirstLineAsync(port, "GET / HTTP/1.0\r\n\r\n", Ct);

    private static async Task<bool> DrainsAsync(HaProxyServer server) =>
        HaProxyConfiguration.Web1Drains(await server.CommandAsync("show servers state shop", Ct));
}
