using System.Collections.Immutable;
using System.Net.Sockets;
using Belay.Connectors.HaProxy;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>Reloads of a master with workers, as a service does them. The state file is the one that Belay wrote.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly ImmutableArray<WebServer> web = [new(), new(), new()];
    private readonly ImmutableArray<ShopPorts> ports = [ShopPorts.Take(), ShopPorts.Take()];
    private readonly List<MasterBalancer> balancers = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private MasterShop Shop => new(balancers);

    public async ValueTask InitializeAsync()
    {
        foreach (var own in ports)
            balancers.Add(await MasterBalancer.StartAsync(files => HaProxy.Shop.Configuration(own, files, web), Ct));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in web)
            await server.DisposeAsync();
        foreach (var balancer in balancers)
            await balancer.DisposeAsync();
    }

    [Fact]
    public async Task A_drain_waits_for_the_sessions_of_the_workers_that_reloads_left_behind()
    {
        await Shop.ApplyAsync("haproxy.drain", """ "server": "web2" """, Ct);
        using var client = new HttpClient();
        var slow = ports.Select(p => client.GetStringAsync(new Uri($"http://127.0.0.1:{p.Http}/slow"), Ct)).ToArray();
        Assert.True(await Poll.UntilAsync(() => ValueTask.FromResult(web[0].Slow == 2), Limit, Ct));
        await ReloadAsync();
        await using var spare = Shop.Change("haproxy.attach", """ "server": "web2" """);
        await foreach (var _ in spare.ApplyAsync(await spare.ObserveAsync(Ct), Ct)) { }

        await using var drain = Shop.Change("haproxy.drain", """ "server": "web1" """);
        var before = await drain.ObserveAsync(Ct);
        Assert.Equal(2, before.GetProperty("sessions").GetInt32());
        Assert.Equal(2, before.GetProperty("leaving").GetInt32());
        await using var blind = Shop.ByStatsSockets().Check("haproxy.sessions", """ "server": "web1" """);
        // As the README warns: a stats socket leads to the new worker only.
        Assert.Equal(0, (await blind.ObserveAsync(Ct)).GetProperty("sessions").GetInt32());

        var told = new List<long?>();
        await foreach (var progress in drain.ApplyAsync(before, Ct))
        {
            told.Add(progress.Done);
            if (progress.Done == 0)
                web[0].LetGo();
        }

        Assert.Equal(0, told[1]);
        Assert.Equal(2, told[^1]);
        await Task.WhenAll(slow);
    }

    [Fact]
    public async Task Tcp_sessions_on_a_leaving_worker_are_counted_until_they_end()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", ports[0].Tcp, Ct);
        await client.GetStream().WriteAsync("GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray(), Ct);
        Assert.True(await Poll.UntilAsync(() => ValueTask.FromResult(web.Sum(w => w.Slow) == 1), Limit, Ct));
        var server = web[0].Slow == 1 ? "web1" : "web2";
        await ReloadAsync();
        await using var drain = Shop.Change(
            "haproxy.drain",
            $""" "backend": "raw", "server": "{server}", "at-most": "300ms", "at-deadline": "close" """
        );

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in drain.ApplyAsync(await drain.ObserveAsync(Ct), Ct)) { }
        });
        web[0].LetGo();
        web[1].LetGo();
        client.Dispose();
        Assert.True(await Poll.UntilAsync(() => IsDrainedAsync(drain), Limit, Ct));

        // HAProxy does not cut off what a leaving worker has.
        Assert.Contains("1 sessions of raw/", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A worker that ends while it is asked gives no answer: the engine asks again, and so does this.</summary>
    private static async ValueTask<bool> IsDrainedAsync(BoundChange drain)
    {
        try
        {
            await foreach (var _ in drain.ApplyAsync(await drain.ObserveAsync(Ct), Ct)) { }
            return drain.Plan(await drain.ObserveAsync(Ct)).IsEmpty;
        }
        catch (OperationException e) when (e.Kind == FailureKind.Transient)
        {
            return false;
        }
    }

    [Fact]
    public async Task What_was_set_survives_a_reload_by_the_state_files_that_were_written_with_it()
    {
        (string Operation, string Inputs)[] steps =
        [
            ("haproxy.attach", $""" "server": "slot3", "address": "{web[2].Address}" """),
            ("haproxy.weight", """ "server": "slot3", "weight": 9 """),
            ("haproxy.drain", """ "server": "web1" """),
            ("haproxy.drain", """ "server": "web2" """),
            ("haproxy.detach", """ "server": "web2" """),
        ];
        foreach (var (operation, inputs) in steps)
            await Shop.ApplyAsync(operation, inputs, Ct);
        var live = await Shop.SnapshotAsync(Ct);

        await ReloadAsync();

        Assert.Equal(live, await Shop.SnapshotAsync(Ct));
        foreach (var (operation, inputs) in steps)
        {
            await using var change = Shop.Change(operation, inputs);
            Assert.Empty(change.Plan(await change.ObserveAsync(Ct)).Lines);
        }
    }

    [Fact]
    public async Task What_was_taken_back_stays_so_after_a_reload_too()
    {
        const string drain = """ "server": "web1" """;
        var live = await Shop.SnapshotAsync(Ct);
        var before = await Shop.ApplyAsync("haproxy.drain", drain, Ct);
        await using var change = Shop.Change("haproxy.drain", drain);
        await foreach (var _ in change.UndoAsync(before, null, Ct)) { }

        await ReloadAsync();

        Assert.Equal(live, await Shop.SnapshotAsync(Ct));
    }

    [Fact]
    public async Task A_server_added_at_run_time_is_gone_after_a_reload_and_is_seen_to_be()
    {
        var inputs = $""" "server": "web3", "address": "{web[2].Address}", "settings": "inter 50ms" """;
        await Shop.ApplyAsync("haproxy.attach", inputs, Ct);

        await ReloadAsync();

        await using var attach = Shop.Change("haproxy.attach", inputs);
        Assert.Contains(
            attach.Plan(await attach.ObserveAsync(Ct)).Lines,
            line =>
                line is { What: var what, From: null } && what.StartsWith("server shop/web3", StringComparison.Ordinal)
        );
        await Shop.ApplyAsync("haproxy.attach", inputs, Ct);
    }

    private async Task ReloadAsync()
    {
        foreach (var balancer in balancers)
            await balancer.ReloadAsync(Ct);
    }
}
