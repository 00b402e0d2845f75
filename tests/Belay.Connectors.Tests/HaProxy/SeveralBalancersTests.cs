using System.Net.Sockets;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>Two balancers behind one connection, the first reached by a unix socket, the second over TCP.</summary>
public sealed class SeveralBalancersTests
{
    private const string Drain = """ "server": "web1" """;
    private const string DrainRaw = """ "backend": "raw", "server": "web1" """;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_through_each_balancer_are_summed_and_a_drain_waits_for_all()
    {
        await using var shop = await StartAsync();
        await shop.CommandAsync("set server shop/web2 state drain", Ct);
        using var client = new HttpClient();
        var slow = shop
            .Balancers.Select(b => client.GetStringAsync(new Uri($"http://127.0.0.1:{b.Port}/slow"), Ct))
            .ToArray();
        await WaitForSessionsAsync(shop, Drain, 2);
        await shop.CommandAsync("set server shop/web2 state ready", Ct);
        await using var drain = shop.Change("haproxy.drain", Drain);
        var told = new List<long?>();

        await foreach (var progress in drain.ApplyAsync(await drain.ObserveAsync(Ct), Ct))
        {
            told.Add(progress.Done);
            if (progress.Done == 0)
                shop.Web[0].LetGo();
        }

        Assert.Equal(0, told[1]);
        Assert.Equal(2, told[^1]);
        Assert.All(await Task.WhenAll(slow), answer => Assert.Equal($"{shop.Web[0].Port}", answer));
        Assert.True(drain.Plan(await drain.ObserveAsync(Ct)).IsEmpty);
    }

    [Fact]
    public async Task Tcp_sessions_through_each_balancer_are_summed_and_a_drain_waits_for_the_last_one()
    {
        await using var shop = await StartAsync();
        await shop.CommandAsync("set server raw/web2 state drain", Ct);
        var clients = new Queue<Socket>([await ConnectAsync(shop, 0), await ConnectAsync(shop, 1)]);
        await WaitForSessionsAsync(shop, DrainRaw, 2);
        await shop.CommandAsync("set server raw/web2 state ready", Ct);
        await using var few = shop.Check("haproxy.sessions", """ "backend": "raw", "server": "web1", "at-most": 1 """);
        Assert.Contains(
            "has 2 sessions, at most 1 expected",
            Assert.IsType<Verdict.NotYet>(few.Judge(await few.ObserveAsync(Ct))).Why,
            StringComparison.Ordinal
        );
        await using var drain = shop.Change("haproxy.drain", DrainRaw);
        var told = new List<long?>();

        await foreach (var progress in drain.ApplyAsync(await drain.ObserveAsync(Ct), Ct))
        {
            told.Add(progress.Done);
            if (progress.Done is not null && clients.TryDequeue(out var client))
                HangUp(client);
        }

        Assert.Equal([null, 0, 1, 2], told);
    }

    [Fact]
    public async Task Sessions_are_cut_off_on_every_balancer()
    {
        await using var shop = await StartAsync();
        await shop.CommandAsync("set server raw/web2 state drain", Ct);
        using var first = await ConnectAsync(shop, 0);
        using var second = await ConnectAsync(shop, 1);
        await WaitForSessionsAsync(shop, DrainRaw, 2);
        await shop.CommandAsync("set server raw/web2 state ready", Ct);

        await shop.ApplyAsync("haproxy.drain", DrainRaw + """, "at-most": "200ms", "at-deadline": "close" """, Ct);

        Assert.Equal(0, await first.ReceiveAsync(new byte[1], Ct));
        Assert.Equal(0, await second.ReceiveAsync(new byte[1], Ct));
    }

    [Fact]
    public async Task A_server_in_tcp_mode_is_attached_to_and_removed_from_every_balancer()
    {
        await using var shop = await StartAsync();
        var attach = $""" "backend": "raw", "server": "web3", "address": "{shop.Web[2].Address}", "check": false """;
        const string detach = """ "backend": "raw", "server": "web3", "delete": true, "settings": "" """;
        var none = await shop.SnapshotAsync(Ct);

        await shop.ApplyAsync("haproxy.attach", attach, Ct);
        var attached = await shop.SnapshotAsync(Ct);
        await shop.ApplyAsync("haproxy.drain", """ "backend": "raw", "server": "web3" """, Ct);
        var before = await shop.ApplyAsync("haproxy.detach", detach, Ct);
        var removed = await shop.SnapshotAsync(Ct);
        await shop.UndoAsync("haproxy.detach", detach, before, Ct);

        Assert.Equal(
            [$"{shop.Web[2].Address} 0 1", $"{shop.Web[2].Address} 0 1"],
            attached["haproxy:raw/web3"].Split(" | ")
        );
        Assert.Equal(none, removed);
        Assert.Equal(2, (await shop.SnapshotAsync(Ct))["haproxy:raw/web3"].Split(" | ").Length);
    }

    [Theory]
    [InlineData("haproxy.drain", """ "server": "web1" """, "set server shop/web1 state drain")]
    [InlineData("haproxy.weight", """ "server": "web2", "weight": 9 """, "set server shop/web2 weight 9")]
    public async Task Killed_when_one_of_two_balancers_has_it_the_other_gets_it_from_the_next_Belay(
        string operation,
        string inputs,
        string command
    )
    {
        await using var relay = new StatsRelayOfTheSecond(command);
        await using var fixture = await relay.StartAsync(operation, inputs, Ct);
        var before = await KillAtTheSecondAsync(fixture, relay);

        await KilledChild.AssertFinishedAsync(fixture, before, Ct);

        await using var done = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        Assert.True(done.Plan(await done.ObserveAsync(Ct)).IsEmpty);
    }

    [Theory]
    [InlineData("haproxy.drain", """ "server": "web1" """, "set server shop/web1 state drain")]
    [InlineData("haproxy.attach", """ "server": "nocheck", "check": false """, "set server shop/nocheck state drain")]
    public async Task Killed_when_one_of_two_balancers_has_it_it_can_be_taken_back(
        string operation,
        string inputs,
        string command
    )
    {
        await using var relay = new StatsRelayOfTheSecond(command);
        await using var fixture = await relay.StartAsync(operation, inputs, Ct);
        var live = await fixture.SnapshotAsync(Ct);
        var before = await KillAtTheSecondAsync(fixture, relay);

        await using var next = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await foreach (var _ in next.UndoAsync(before, null, Ct)) { }

        Assert.True(next.Same(before, await next.ObserveAsync(Ct)));
        Assert.Equal(live, await fixture.SnapshotAsync(Ct));
    }

    [Fact]
    public async Task With_one_of_two_balancers_gone_nothing_is_read_as_a_pass_and_nothing_changed_on_the_other()
    {
        await using var shop = await StartAsync();
        await using var drain = shop.Change("haproxy.drain", Drain);
        var before = await drain.ObserveAsync(Ct);
        var live = await shop.Balancer.CommandAsync("show servers state", Ct);
        await shop.StopBalancerAsync(1);

        var unread = await Assert.ThrowsAsync<OperationException>(async () => await drain.ObserveAsync(Ct));
        var unset = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in drain.ApplyAsync(before, Ct)) { }
        });

        Assert.Equal((FailureKind.Transient, FailureKind.Transient), (unread.Kind, unset.Kind));
        Assert.Contains(shop.Addresses[1], unset.Message, StringComparison.Ordinal);
        Assert.Equal(Shop.Servers(live), Shop.Servers(await shop.Balancer.CommandAsync("show servers state", Ct)));
    }

    [Fact]
    public async Task A_balancer_that_hangs_up_on_a_command_has_not_carried_it_out()
    {
        await using var relay = new StatsRelayOfTheSecond("set server shop/web1 state drain");
        await using var fixture = await relay.StartAsync("haproxy.drain", Drain, Ct);
        await using var drain = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await drain.ObserveAsync(Ct);
        var applying = Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in drain.ApplyAsync(before, Ct)) { }
        });
        await relay.Held.WaitAsync(Limit, TimeProvider.System, Ct);

        await relay.DisposeAsync();

        var failure = await applying;
        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.Contains("without an answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_capacity_to_keep_is_asked_of_each_balancer()
    {
        await using var shop = await StartAsync();
        await shop.Balancers[1].Server.CommandAsync("set server shop/web2 state maint", Ct);
        await using var drain = shop.Change("haproxy.drain", Drain);

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in drain.ApplyAsync(await drain.ObserveAsync(Ct), Ct)) { }
        });

        Assert.Contains(
            $"only 0 servers of shop would serve on HAProxy at {shop.Addresses[1]}",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    private static async Task<JsonElement> KillAtTheSecondAsync(ChangeFixture fixture, StatsRelayOfTheSecond relay)
    {
        var live = await fixture.SnapshotAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);
        await KilledChild.KillAtAsync(fixture, before, relay.Held, Ct);
        var now = await fixture.SnapshotAsync(Ct);
        var changed = Assert.Single(live.Keys, key => live[key] != now[key]);
        // Only on the first one.
        Assert.NotEqual(live[changed].Split(" | ")[0], now[changed].Split(" | ")[0]);
        Assert.Equal(live[changed].Split(" | ")[1], now[changed].Split(" | ")[1]);
        return before;
    }

    private static Task WaitForSessionsAsync(Shop shop, string server, int count) =>
        AssertUntilAsync(async () =>
        {
            await using var check = shop.Check("haproxy.sessions", server);
            return (await check.ObserveAsync(Ct)).GetProperty("sessions").GetInt32() == count;
        });

    private static async Task AssertUntilAsync(Func<Task<bool>> condition) =>
        Assert.True(await Poll.UntilAsync(async () => await condition(), Limit, Ct), "it did not come to that");

    // With a reset: after an orderly end of one side the session goes on until the other side ends too.
    private static void HangUp(Socket client)
    {
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Dispose();
    }

    private static async Task<Socket> ConnectAsync(Shop shop, int balancer)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync("127.0.0.1", shop.Balancers[balancer].TcpPort, Ct);
        await client.SendAsync("GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray(), Ct);
        return client;
    }

    private static async Task<Shop> StartAsync()
    {
        var shop = await Shop.StartAsync(Ct, balancers: 2);
        await shop.WaitUntilUpAsync(Ct);
        return shop;
    }

    /// <summary>A relay before the second balancer, which is there only when the shop is.</summary>
    private sealed class StatsRelayOfTheSecond(string held) : IAsyncDisposable
    {
        private StatsRelay? relay;

        public Task Held => relay!.Held;

        public Task<ChangeFixture> StartAsync(string operation, string inputs, CancellationToken ct) =>
            ShopFixture.StartAsync(
                operation,
                _ => inputs,
                ct,
                shop =>
                {
                    relay = new StatsRelay(shop.Balancers[1].Ports.Stats, held);
                    shop.Addresses = [shop.Addresses[0], relay.Address];
                    return Task.CompletedTask;
                },
                balancers: 2
            );

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref relay, null) is { } running)
                await running.DisposeAsync();
        }
    }
}
