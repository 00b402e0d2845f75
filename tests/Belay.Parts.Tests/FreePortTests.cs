using System.Net;
using System.Net.Sockets;

namespace Belay.Parts.Tests;

public sealed class FreePortTests
{
    [Fact]
    public void No_port_is_given_twice()
    {
        var ports = Enumerable.Range(0, 50).Select(_ => FreePort.Take()).ToArray();

        Assert.Equal(ports.Length, ports.Distinct().Count());
    }

    [Fact]
    public void A_server_can_listen_on_the_port_given()
    {
        using var listener = new TcpListener(IPAddress.Loopback, FreePort.Take());

        listener.Start();

        Assert.True(listener.Server.IsBound);
    }
}
