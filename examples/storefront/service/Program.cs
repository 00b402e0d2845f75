using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Storefront;
using Storefront.Cache;

// One source tree serves both releases, so that the example stays small: `--release` chooses which one this process
// is. Everything that differs between the two lies in Release.cs.
if (args is not ["--release", var version] || Release.Find(version) is not { } release)
{
    await Console.Error.WriteLineAsync(
        $"usage: Storefront --release {string.Join('|', Release.All.Select(r => r.Version))}"
    );
    return 64;
}

Settings settings;
try
{
    settings = Settings.FromEnvironment(release);
}
catch (SettingsException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 64;
}

var builder = WebApplication.CreateSlimBuilder();
builder
    .Logging.ClearProviders()
    .AddSimpleConsole(console => console.SingleLine = true)
    .SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, settings.Port));
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));

await using var database = NpgsqlDataSource.Create(settings.Database);
await using var cacheFile = new CacheFile(settings.CacheFile, TimeProvider.System);
await using var cache = new CacheClient(cacheFile, TimeProvider.System);
var orders = new OrderBook(database, release);
var sessions = new SessionStore(cache, TimeProvider.System);
var health = new Health(settings, release, sessions, orders);

await using var app = builder.Build();
new Shop(release, settings, sessions, orders).Map(app);
new StatusPages(release, cacheFile, sessions, orders, health).Map(app);
Console.WriteLine($"storefront {release.Version} on 127.0.0.1:{settings.Port}");
await app.RunAsync();
return 0;
