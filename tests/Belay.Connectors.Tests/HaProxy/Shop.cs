using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.HaProxy;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>A balancer of one process in front of web servers, in HTTP mode and in TCP mode.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private int stopped;

    private Shop(HaProxyServer balancer, int port, int tcpPort, ImmutableArray<WebServer> web) =>
        (Balancer, Port, TcpPort, Web) = (balancer, port, tcpPort, web);

    public HaProxyServer Balancer { get; }

    public int Port { get; }

    public int TcpPort { get; }

    /// <summary>web1 and web2 are in the configuration; slot3 is a slot, and the third server is in nobody's.</summary>
    public ImmutableArray<WebServer> Web { get; }

    public HaProxySettings Settings =>
        new()
        {
            Sockets = [Balancer.Socket],
            StateFiles = ImmutableSortedDictionary.Create<string, string>().Add(Balancer.Socket, Balancer.StateFile),
        };

    public static async Task<Shop> StartAsync(CancellationToken ct)
    {
        ImmutableArray<WebServer> web = [new(), new(), new()];
        var (port, tcpPort) = (0, 0);
        var balancer = await HaProxyServer.StartAsync(
            new()
            {
                Configuration = files => Configuration(files, port = FreePort.Take(), tcpPort = FreePort.Take(), web),
            },
            ct
        );
        return new Shop(balancer, port, tcpPort, web);
    }

    public static string Configuration(HaProxyFiles files, int port, int tcpPort, ImmutableArray<WebServer> web) =>
        $"""
            global
                stats socket {files.Socket} level admin
                server-state-file {files.StateFile}
            defaults
                mode http
                retries 0
                timeout connect 1s
                timeout client 30s
                timeout server 30s
                timeout check 10s
                load-server-state-from-file global
            frontend shop
                bind 127.0.0.1:{port}
                default_backend shop
            backend shop
                balance roundrobin
                option httpchk GET /healthz
                default-server inter 50ms fall 1 rise 2
                server web1 {web[0].Address} check
                server web2 {web[1].Address} check weight 3
                server slot3 127.0.0.1:1 disabled check
                server nocheck 127.0.0.1:1 disabled
            listen raw
                mode tcp
                bind 127.0.0.1:{tcpPort}
                server web1 {web[0].Address}
                server web2 {web[1].Address}

            """;

    /// <summary>An operation on this shop; <c>connection</c> and <c>backend</c> are added to the inputs.</summary>
    public BoundChange Change(string operation, string inputs) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(Inputs(inputs), Scope());

    public BoundCheck Check(string operation, string inputs) =>
        ((CheckDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(Inputs(inputs), Scope());

    /// <summary>Applies as the engine does; returns the state before.</summary>
    public async Task<JsonElement> ApplyAsync(string operation, string inputs, CancellationToken ct)
    {
        await using var change = Change(operation, inputs);
        var before = await change.ObserveAsync(ct);
        await foreach (var _ in change.ApplyAsync(before, ct)) { }
        Assert.Empty(change.Plan(await change.ObserveAsync(ct)).Lines);
        return before;
    }

    public async Task UndoAsync(string operation, string inputs, JsonElement before, CancellationToken ct)
    {
        await using var change = Change(operation, inputs);
        await foreach (var _ in change.UndoAsync(before, null, ct)) { }
        Assert.True(change.Same(before, await change.ObserveAsync(ct)));
    }

    /// <summary>Waits until both configured servers passed their checks.</summary>
    public async Task WaitUntilUpAsync(CancellationToken ct) =>
        Assert.True(
            await Poll.UntilAsync(
                async () => (await Balancer.CommandAsync("show stat -1 4 -1", ct)).Split("L7OK").Length > 2,
                TimeSpan.FromSeconds(10),
                ct
            )
        );

    /// <summary>Address, state and weight of each server, read without the operations.</summary>
    public async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        (await Balancer.CommandAsync("show servers state", ct))
            .Split('\n')
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length > 20 && fields[0] != "#")
            .ToImmutableSortedDictionary(
                f => $"haproxy:{f[1]}/{f[3]}",
                f => $"{f[4]}:{f[18]} {int.Parse(f[6]) & 0x7b} {f[7]}"
            );

    /// <summary>Ends the balancer before the rest.</summary>
    public async Task StopBalancerAsync()
    {
        if (Interlocked.Exchange(ref stopped, 1) == 0)
            await Balancer.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // The servers first: they hold requests, and a balancer would wait for them.
        foreach (var web in Web)
            await web.DisposeAsync();
        await StopBalancerAsync();
        folder.Dispose();
    }

    private static JsonElement Inputs(string inputs) =>
        JsonElement.Parse(
            "{ \"connection\": \"edge\", "
                + (inputs.Contains("backend", StringComparison.Ordinal) ? "" : "\"backend\": \"shop\", ")
                + inputs
                + "}"
        );

    private TestScope Scope() =>
        new(
            folder.Folder("plan"),
            folder.Folder("run"),
            TestProgram.Instance.Processes,
            new Dictionary<string, object>(StringComparer.Ordinal) { ["edge"] = Settings }
        );
}
