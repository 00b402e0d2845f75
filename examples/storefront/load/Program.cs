using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Storefront.Load;

if (Options.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(Options.Usage);
    return 64;
}

var clock = TimeProvider.System;
var tally = new Tally(options.WarmUp, clock);
var run = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
var shoppers = Enumerable
    .Range(0, options.Users)
    .Select(user => new Shopper(options, run, user, tally, clock))
    .ToList();
using var end = new CancellationTokenSource();
foreach (var shopper in shoppers)
    await shopper.LogInAsync(end.Token);
tally.Start();
var shopping = Task.WhenAll(shoppers.Select(shopper => shopper.ShopAsync(end.Token)));

var builder = WebApplication.CreateSlimBuilder();
builder
    .Logging.ClearProviders()
    .AddSimpleConsole(console => console.SingleLine = true)
    .SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Control));
await using var app = builder.Build();
new Control(tally, new Audit(options, tally), StopAsync).Map(app);
await app.RunAsync();
await StopAsync();
foreach (var shopper in shoppers)
    shopper.Dispose();
return 0;

async Task StopAsync()
{
    await end.CancelAsync();
    await shopping;
    tally.Stop();
}
