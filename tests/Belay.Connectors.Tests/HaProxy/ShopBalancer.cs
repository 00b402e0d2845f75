using System.Collections.Immutable;
using Belay.Parts;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>The loopback ports of one balancer.</summary>
/// <param name="Http">Where it serves in HTTP mode.</param>
/// <param name="Tcp">Where it serves in TCP mode.</param>
/// <param name="Stats">Its stats socket over TCP.</param>
internal sealed record ShopPorts(int Http, int Tcp, int Stats)
{
    public static ShopPorts Take() => new(FreePort.Take(), FreePort.Take(), FreePort.Take());
}

/// <summary>One balancer of the shop.</summary>
internal sealed record ShopBalancer(HaProxyServer Server, ShopPorts Ports)
{
    public int Port => Ports.Http;

    public int TcpPort => Ports.Tcp;

    /// <summary>Its stats socket over TCP.</summary>
    public string Stats => $"127.0.0.1:{Ports.Stats}";

    public static async Task<ShopBalancer> StartAsync(ImmutableArray<WebServer> web, CancellationToken ct)
    {
        ShopPorts? ports = null;
        var server = await HaProxyServer.StartAsync(
            new() { Configuration = files => Shop.Configuration(ports = ShopPorts.Take(), files, web) },
            ct
        );
        return new ShopBalancer(server, ports!);
    }
}
