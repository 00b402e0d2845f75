using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.HaProxy;

public sealed class AttachAddedServerContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        ShopFixture.StartAsync(
            "haproxy.attach",
            shop =>
                $""" "server": "web3", "address": "{shop.Web[2].Address}", "settings": "inter 50ms rise 1 weight 7" """,
            ct
        );
}

public sealed class AttachSlotContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        ShopFixture.StartAsync(
            "haproxy.attach",
            shop => $""" "server": "slot3", "address": "{shop.Web[2].Address}" """,
            ct
        );
}

public sealed class DrainContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        ShopFixture.StartAsync("haproxy.drain", _ => """ "server": "web1" """, ct);
}

public sealed class DetachContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        ShopFixture.StartAsync(
            "haproxy.detach",
            _ => """ "server": "web1" """,
            ct,
            shop => shop.ApplyAsync("haproxy.drain", """ "server": "web1" """, ct)
        );
}

public sealed class DetachAndDeleteContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        ShopFixture.StartAsync(
            "haproxy.detach",
            _ => """ "server": "web2", "delete": true, "settings": "check inter 50ms" """,
            ct,
            shop => shop.ApplyAsync("haproxy.drain", """ "server": "web2" """, ct)
        );
}

public sealed class AttachToTwoBalancersContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        ShopFixture.StartAsync(
            "haproxy.attach",
            shop => $""" "server": "web3", "address": "{shop.Web[2].Address}", "settings": "inter 50ms rise 1" """,
            ct,
            balancers: 2
        );
}

public sealed class DrainOnTwoBalancersContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        ShopFixture.StartAsync("haproxy.drain", _ => """ "server": "web1" """, ct, balancers: 2);
}

public sealed class DetachFromTwoBalancersContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        ShopFixture.StartAsync(
            "haproxy.detach",
            _ => """ "server": "web2", "delete": true, "settings": "check inter 50ms weight 3" """,
            ct,
            shop => shop.ApplyAsync("haproxy.drain", """ "server": "web2" """, ct),
            balancers: 2
        );
}

public sealed class WeightContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        ShopFixture.StartAsync("haproxy.weight", _ => """ "server": "web2", "weight": 9 """, ct);
}

public sealed class SessionsContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct)
    {
        var shop = await Shop.StartAsync(ct);
        await shop.WaitUntilUpAsync(ct);
        return new Fixture(shop);
    }

    private sealed class Fixture(Shop shop) : CheckFixture
    {
        private readonly HttpClient client = new();

        public override KitProgram Program => TestProgram.Instance;

        public override CheckDefinition Definition => (CheckDefinition)Program.Catalog.Find("haproxy.sessions")!;

        public override JsonElement Inputs { get; } =
            Json("""{ "connection": "edge", "backend": "shop", "server": "web1" }""");

        public override IReadOnlyDictionary<string, object> Connections { get; } =
            new Dictionary<string, object>(StringComparer.Ordinal) { ["edge"] = shop.Settings };

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            shop.SnapshotAsync(ct);

        public override async ValueTask BreakAsync(CancellationToken ct)
        {
            await shop.Balancer.CommandAsync("set server shop/web2 state drain", ct);
            _ = client.GetAsync(new Uri($"http://127.0.0.1:{shop.Port}/slow"), ct);
            Assert.True(
                await Poll.UntilAsync(() => ValueTask.FromResult(shop.Web[0].Slow == 1), TimeSpan.FromSeconds(10), ct)
            );
        }

        public override async ValueTask TakeAwayAsync(CancellationToken ct) => await shop.StopBalancersAsync();

        public override async ValueTask DisposeAsync()
        {
            client.Dispose();
            await shop.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
