using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.HaProxy;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>Balancers of one process each in front of the same web servers, in HTTP mode and in TCP mode.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly HashSet<int> stopped = [];

    private Shop(ImmutableArray<ShopBalancer> balancers, ImmutableArray<WebServer> web) =>
        (Balancers, Web, Addresses) = (
            balancers,
            web,
            [.. balancers.Select((b, i) => i == 0 ? b.Server.Socket : b.Stats)]
        );

    public ImmutableArray<ShopBalancer> Balancers { get; }

    /// <summary>How each balancer is reached: the first one by a unix socket, the others over TCP.</summary>
    public ImmutableArray<string> Addresses { get; set; }

    public HaProxyServer Balancer => Balancers[0].Server;

    public int Port => Balancers[0].Port;

    public int TcpPort => Balancers[0].TcpPort;

    /// <summary>web1 and web2 are in the configuration; slot3 is a slot, and the third server is in nobody's.</summary>
    public ImmutableArray<WebServer> Web { get; }

    public HaProxySettings Settings =>
        new()
        {
            Sockets = Addresses,
            StateFiles = Addresses
                .Zip(Balancers)
                .ToImmutableSortedDictionary(pair => pair.First, pair => pair.Second.Server.StateFile),
        };

    public static async Task<Shop> StartAsync(CancellationToken ct, int balancers = 1)
    {
        ImmutableArray<WebServer> web = [new(), new(), new()];
        var started = await Task.WhenAll(Enumerable.Range(0, balancers).Select(_ => ShopBalancer.StartAsync(web, ct)));
        return new Shop([.. started], web);
    }

    public static string Configuration(ShopPorts ports, HaProxyFiles files, ImmutableArray<WebServer> web) =>
        $"""
            global
                stats socket {files.Socket} level admin
                stats socket ipv4@127.0.0.1:{ports.Stats} level admin
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
                bind 127.0.0.1:{ports.Http}
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
                bind 127.0.0.1:{ports.Tcp}
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

    /// <summary>Gives every balancer the same command.</summary>
    public async Task CommandAsync(string command, CancellationToken ct)
    {
        foreach (var balancer in Balancers)
            Assert.Equal("", await balancer.Server.CommandAsync(command, ct));
    }

    /// <summary>Waits until both configured servers passed their checks on every balancer.</summary>
    public async Task WaitUntilUpAsync(CancellationToken ct)
    {
        foreach (var balancer in Balancers)
            Assert.True(
                await Poll.UntilAsync(
                    async () => (await balancer.Server.CommandAsync("show stat -1 4 -1", ct)).Split("L7OK").Length > 2,
                    TimeSpan.FromSeconds(10),
                    ct
                )
            );
    }

    /// <summary>Address, state and weight of each server on each balancer, read without the operations.</summary>
    public async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct)
    {
        var states = await Task.WhenAll(Balancers.Select(b => b.Server.CommandAsync("show servers state", ct)));
        return states
            .SelectMany(Servers)
            .GroupBy(server => server.Name, server => server.State, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(server => server.Key, server => string.Join(" | ", server));
    }

    /// <summary>What <c>show servers state</c> tells of each server: address, state and weight.</summary>
    public static IEnumerable<(string Name, string State)> Servers(string state) =>
        state
            .Split('\n')
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length > 20 && fields[0] != "#")
            .Select(f => ($"haproxy:{f[1]}/{f[3]}", $"{f[4]}:{f[18]} {int.Parse(f[6]) & 0x7b} {f[7]}"));

    /// <summary>Ends the balancers before the rest.</summary>
    public async Task StopBalancersAsync()
    {
        for (var i = 0; i < Balancers.Length; i++)
            await StopBalancerAsync(i);
    }

    public async Task StopBalancerAsync(int balancer)
    {
        if (stopped.Add(balancer))
            await Balancers[balancer].Server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // The servers first: they hold requests, and a balancer would wait for them.
        foreach (var web in Web)
            await web.DisposeAsync();
        await StopBalancersAsync();
        folder.Dispose();
    }

    /// <summary>Inputs with <c>connection</c>, and <c>backend</c> where none is named.</summary>
    public static JsonElement Inputs(string inputs) =>
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
