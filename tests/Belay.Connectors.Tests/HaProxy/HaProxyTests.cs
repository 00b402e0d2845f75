using System.Net.Sockets;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;

namespace Belay.Connectors.Tests.HaProxy;

public sealed class HaProxyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drain_waits_for_the_last_session_and_no_request_fails()
    {
        await using var shop = await StartAsync();
        await shop.Balancer.CommandAsync("set server shop/web2 state drain", Ct);
        using var client = new HttpClient();
        var slow = client.GetStringAsync(new Uri($"http://127.0.0.1:{shop.Port}/slow"), Ct);
        Assert.True(await Poll.UntilAsync(() => ValueTask.FromResult(shop.Web[0].Slow == 1), Limit, Ct));
        await shop.Balancer.CommandAsync("set server shop/web2 state ready", Ct);
        await using var drain = shop.Change("haproxy.drain", """ "server": "web1" """);
        var told = new List<long?>();

        await foreach (var progress in drain.ApplyAsync(await drain.ObserveAsync(Ct), Ct))
        {
            told.Add(progress.Done);
            if (progress.Done == 0)
                shop.Web[0].LetGo();
        }

        Assert.Equal([null, 0, 1], told);
        Assert.Equal($"{shop.Web[0].Port}", await slow);
    }

    [Fact]
    public async Task Under_load_drain_and_detach_fail_no_request()
    {
        await using var shop = await StartAsync();
        await using var load = new Load(shop.Port);
        await load.WaitForAsync(50, Ct);

        await shop.ApplyAsync(
            "haproxy.attach",
            $""" "server": "web3", "address": "{shop.Web[2].Address}", "settings": "inter 50ms" """,
            Ct
        );
        await shop.ApplyAsync("haproxy.drain", """ "server": "web1" """, Ct);
        await shop.ApplyAsync("haproxy.detach", """ "server": "web1" """, Ct);
        await shop.Web[0].DisposeAsync();
        await load.WaitForAsync(load.Sent + 50, Ct);

        Assert.Equal(0, load.Failed);
        Assert.Contains($"{shop.Web[2].Port}", load.Servers);
    }

    [Fact]
    public async Task A_server_that_is_down_gets_no_traffic_and_its_attach_can_be_undone()
    {
        await using var shop = await StartAsync();
        shop.Web[2].Healthy = false;
        var inputs = $""" "server": "slot3", "address": "{shop.Web[2].Address}", "within": "500ms" """;
        await using var attach = shop.Change("haproxy.attach", inputs);
        var before = await attach.ObserveAsync(Ct);

        var failure = await FailAsync(attach, before);

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("it gets no traffic", failure.Message, StringComparison.Ordinal);
        await shop.UndoAsync("haproxy.attach", inputs, before, Ct);
    }

    [Fact]
    public async Task The_last_server_is_not_drained()
    {
        await using var shop = await StartAsync();
        await shop.ApplyAsync("haproxy.drain", """ "server": "web1" """, Ct);
        var live = await shop.SnapshotAsync(Ct);
        await using var drain = shop.Change("haproxy.drain", """ "server": "web2" """);

        var failure = await FailAsync(drain, await drain.ObserveAsync(Ct));

        Assert.Contains("only 0 servers of shop would serve", failure.Message, StringComparison.Ordinal);
        Assert.Equal(live, await shop.SnapshotAsync(Ct));
    }

    [Fact]
    public async Task A_tcp_session_goes_on_until_it_is_cut_off_on_purpose()
    {
        await using var shop = await StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", shop.TcpPort, Ct);
        await client.GetStream().WriteAsync("GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray(), Ct);
        Assert.True(await Poll.UntilAsync(() => ValueTask.FromResult(shop.Web.Sum(w => w.Slow) == 1), Limit, Ct));
        var server = shop.Web[0].Slow == 1 ? "web1" : "web2";
        await using var patient = shop.Change(
            "haproxy.drain",
            $""" "backend": "raw", "server": "{server}", "at-most": "300ms" """
        );

        var failure = await FailAsync(patient, await patient.ObserveAsync(Ct));
        Assert.Contains("1 sessions of raw/", failure.Message, StringComparison.Ordinal);

        await shop.ApplyAsync(
            "haproxy.drain",
            $""" "backend": "raw", "server": "{server}", "at-most": "300ms", "at-deadline": "close" """,
            Ct
        );
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], Ct));
    }

    [Fact]
    public async Task A_server_is_known_by_its_address_too_and_gets_no_second_name()
    {
        await using var shop = await StartAsync();
        await using var drain = shop.Change("haproxy.drain", $""" "server": "{shop.Web[1].Address}" """);
        await using var attach = shop.Change(
            "haproxy.attach",
            $""" "server": "web9", "address": "{shop.Web[1].Address}" """
        );

        var name = (await drain.ObserveAsync(Ct)).GetProperty("processes")[0].GetProperty("server").GetProperty("name");
        var failure = await FailAsync(attach, await attach.ObserveAsync(Ct));

        Assert.Equal("web2", name.GetString());
        Assert.Contains("is in shop already, as web2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_balancer_that_is_gone_is_no_pass()
    {
        await using var shop = await StartAsync();
        await using var drain = shop.Change("haproxy.drain", """ "server": "web1" """);
        await shop.StopBalancersAsync();

        var failure = await Assert.ThrowsAsync<OperationException>(async () => await drain.ObserveAsync(Ct));

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("cannot be asked", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "server": "web1; shutdown frontend shop" }""")]
    [InlineData("""{ "server": "web1\nshow env" }""")]
    [InlineData("""{ "server": "web1", "settings": "weight 1;show env" }""")]
    [InlineData("""{ "server": "web1", "address": "127.0.0.1" }""")]
    public void Names_that_smuggle_in_a_command_are_refused_before_the_run(string inputs)
    {
        var whole = $$"""{ "connection": "edge", "backend": "shop", {{inputs[1..]}}""";

        Assert.NotEmpty(TestProgram.Instance.Catalog.Find("haproxy.attach")!.Validate(JsonElement.Parse(whole)));
    }

    private static async Task<Shop> StartAsync()
    {
        var shop = await Shop.StartAsync(Ct);
        await shop.WaitUntilUpAsync(Ct);
        return shop;
    }

    private static Task<OperationException> FailAsync(BoundChange change, JsonElement before) =>
        Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in change.ApplyAsync(before, Ct)) { }
        });
}
