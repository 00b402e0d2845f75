using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Belay.Parts;

namespace Storefront.Demo;

/// <summary>
/// The shop as it runs before the upgrade: two servers of release 4.1.0 behind HAProxy, sessions in Redis, orders in
/// PostgreSQL, and an empty Valkey that is to take the sessions over. Everything listens on 127.0.0.1 only.
/// </summary>
internal sealed class LiveSystem : IAsyncDisposable
{
    private static readonly TimeSpan ShopReadyLimit = TimeSpan.FromSeconds(30);

    private readonly SystemOptions _options;
    private readonly List<IAsyncDisposable> _parts = [];
    private readonly Dictionary<string, ChildProcess> _shops = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private LiveSystem(SystemOptions options) => _options = options;

    public string Folder => _options.Folder;

    /// <summary>The balancer's port: what customers use.</summary>
    public int ShopPort { get; private set; }

    /// <summary>The port on which the load generator answers for itself.</summary>
    public int LoadPort { get; } = FreePort.Take();

    public string DatabasePassword { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    public PostgresServer Database { get; private set; } = null!;

    public RedisServer OldCache { get; private set; } = null!;

    public RedisServer NewCache { get; private set; } = null!;

    public HaProxyServer Balancer { get; private set; } = null!;

    public ImmutableArray<ServerPair> Servers { get; } =
    [
        new(new("shop-1", FreePort.Take()), new("shop-3", FreePort.Take())),
        new(new("shop-2", FreePort.Take()), new("shop-4", FreePort.Take())),
    ];

    /// <summary>The file that tells the shop where the cache is.</summary>
    public string CacheFile => Path.Combine(Folder, "cache.env");

    public Uri ShopUrl => new($"http://127.0.0.1:{ShopPort}");

    public static async Task<LiveSystem> StartAsync(SystemOptions options, CancellationToken ct)
    {
        var system = new LiveSystem(options);
        try
        {
            PlanFolder.CopyTo(options.Folder);
            await system.StartStoresAsync(ct);
            foreach (var pair in system.Servers)
            {
                await system.WriteSettingsAsync(pair.Old, ImmutableDictionary<string, string>.Empty, ct);
                await system.WriteSettingsAsync(pair.New, options.NewServerSettings, ct);
            }
            await Task.WhenAll(system.Servers.Select(pair => system.StartShopAsync(pair.Old, "4.1.0", ct)));
            await system.StartBalancerAsync(ct);
            await EnvironmentFile.WriteAsync(system, ct);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server of the shop and waits until it is healthy.</summary>
    public async Task<ChildProcess> StartShopAsync(ShopAddress address, string release, CancellationToken ct)
    {
        var shop = await ChildProcess.StartAsync(Folder, address.Name, "Storefront", "--release", release);
        lock (_shops)
            _shops[address.Name] = shop;
        await shop.WaitUntilAsync(() => IsHealthyAsync(address.Port, ct), ShopReadyLimit, ct);
        return shop;
    }

    /// <summary>The server of that name that this program started.</summary>
    public ChildProcess Shop(string name)
    {
        lock (_shops)
            return _shops[name];
    }

    /// <summary>Starts the customers.</summary>
    public async Task<Customers> StartCustomersAsync(CancellationToken ct)
    {
        var customers = await Customers.StartAsync(this, _options.Sessions, ct);
        _parts.Add(customers);
        return customers;
    }

    /// <summary>Removes the servers' data once all is ended; the journal, the report, the logs and the plan stay.</summary>
    public static void RemoveData(string folder)
    {
        foreach (var name in (string[])["postgresql", "redis", "valkey", "haproxy"])
            Directory.Delete(Path.Combine(folder, name), recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        // The customers first, then the servers, then what these need.
        foreach (var part in _parts.OfType<Customers>())
            await part.DisposeAsync();
        foreach (var shop in _shops.Values)
            await shop.DisposeAsync();
        await LeftOvers.EndAsync(Folder);
        foreach (var part in Enumerable.Reverse(_parts).Where(part => part is not Customers))
            await part.DisposeAsync();
        _http.Dispose();
    }

    private async Task StartStoresAsync(CancellationToken ct)
    {
        Database = Keep(
            await PostgresServer.StartAsync(
                new PostgresOptions
                {
                    Folder = Path.Combine(Folder, "postgresql"),
                    Password = DatabasePassword,
                    Durable = true,
                },
                ct
            )
        );
        OldCache = Keep(
            await RedisServer.StartAsync(
                new RedisOptions
                {
                    Folder = Path.Combine(Folder, "redis"),
                    // By default a copy begins five seconds late, for others that may want one too.
                    Configuration = ["repl-diskless-sync-delay 0"],
                },
                ct
            )
        );
        NewCache = Keep(
            await RedisServer.StartAsync(
                new RedisOptions
                {
                    Flavor = RedisFlavor.Valkey,
                    Folder = Path.Combine(Folder, "valkey"),
                    Configuration = _options.NewCacheConfiguration,
                },
                ct
            )
        );
        var baseline = await File.ReadAllTextAsync(
            Path.Combine(Folder, "release", "4.2.0", "migrations", "041_baseline.sql"),
            ct
        );
        await Seed.OrdersAsync(Database, DatabasePassword, baseline, _options.Orders, ct);
        await Seed.SessionsAsync(OldCache.Port, _options.Sessions, ct);
        // The plan stops the old cache at the end, by its id.
        var pidFile = Path.Combine(Folder, "run", "cache-old.pid");
        await File.WriteAllTextAsync(pidFile, OldCache.Pid.ToString(CultureInfo.InvariantCulture), ct);
        await File.WriteAllTextAsync(CacheFile, $"CACHE_ENDPOINT={OldCache.Endpoint}\n", ct);
    }

    private async Task StartBalancerAsync(CancellationToken ct)
    {
        Balancer = Keep(
            await HaProxyServer.StartAsync(
                new HaProxyOptions
                {
                    Folder = Path.Combine(Folder, "haproxy"),
                    Configuration = files => Edge.Configuration(files, ShopPort = FreePort.Take(), Servers),
                },
                ct
            )
        );
        if (!await Poll.UntilAsync(() => IsHealthyAsync(ShopPort, ct), ShopReadyLimit, ct))
            throw new InvalidOperationException($"no server is up behind the balancer: see {Balancer.LogFile}");
    }

    private async Task WriteSettingsAsync(
        ShopAddress address,
        ImmutableDictionary<string, string> differing,
        CancellationToken ct
    )
    {
        var healthFile = Path.Combine(Folder, "run", $"{address.Name}.health");
        var settings = new Dictionary<string, string>
        {
            ["SHOP_PORT"] = address.Port.ToString(CultureInfo.InvariantCulture),
            ["SHOP_DB_HOST"] = "127.0.0.1",
            ["SHOP_DB_PORT"] = Database.Port.ToString(CultureInfo.InvariantCulture),
            ["SHOP_DB_NAME"] = "shop",
            ["SHOP_DB_USER"] = "shop",
            ["SHOP_DB_PASSWORD"] = DatabasePassword,
            ["SHOP_CACHE_FILE"] = CacheFile,
            ["SHOP_HEALTH_FILE"] = healthFile,
            ["SHOP_CURRENCY"] = "EUR",
        };
        foreach (var (name, value) in differing)
            settings[name] = value;
        var file = Path.Combine(Folder, "run", $"{address.Name}.env");
        await File.WriteAllTextAsync(file, "", ct);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllLinesAsync(file, settings.Select(setting => $"{setting.Key}={setting.Value}"), ct);
        await File.WriteAllTextAsync(healthFile, "", ct);
    }

    private async ValueTask<bool> IsHealthyAsync(int port, CancellationToken ct)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{port}/healthz"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            return false;
        }
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }
}
