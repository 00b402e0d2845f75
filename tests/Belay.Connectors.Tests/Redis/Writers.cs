using System.Collections.Concurrent;
using System.Globalization;
using Belay.Connectors.Redis;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Parts;

namespace Belay.Connectors.Tests.Redis;

/// <summary>Clients that write as services do: they follow the endpoint in the file, send what got no answer again, and remember what was acknowledged.</summary>
internal sealed class Writers : IAsyncDisposable
{
    private readonly CutOverFixture fixture;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, (string Value, long ExpiresAt)> acknowledged = new(
        StringComparer.Ordinal
    );
    private readonly Task[] tasks;
    private long writes;

    private Writers(CutOverFixture fixture, int count)
    {
        this.fixture = fixture;
        tasks = [.. Enumerable.Range(0, count).Select(i => Task.Run(() => WriteAsync(i)))];
    }

    /// <summary>The port that the file names now.</summary>
    public int Port =>
        int.Parse(
            File.ReadAllLines(fixture.EndpointPath)
                .Single(line => line.StartsWith("CACHE_ENDPOINT=", StringComparison.Ordinal))
                .Split(':')[1],
            CultureInfo.InvariantCulture
        );

    public static Writers Start(CutOverFixture fixture, int count) => new(fixture, count);

    /// <summary>Waits until some hundred more writes were acknowledged.</summary>
    public async Task WriteSomeAsync(CancellationToken ct)
    {
        var goal = Interlocked.Read(ref writes) + 500;
        Assert.True(
            await Poll.UntilAsync(
                () => ValueTask.FromResult(Interlocked.Read(ref writes) >= goal),
                TimeSpan.FromSeconds(30),
                ct
            ),
            "the writers are stuck"
        );
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(tasks);
    }

    /// <summary>The keys whose last acknowledged value or expiry the server does not hold.</summary>
    public async Task<List<string>> LostAsync(RedisClient client, CancellationToken ct)
    {
        var lost = new List<string>();
        foreach (var (key, expected) in acknowledged)
        {
            var value = await client.CallAsync(ct, "GET", key) is RespReply.Text text ? text.Value : "";
            var expiry = (await client.CallAsync(ct, "PEXPIRETIME", key)).AsNumber();
            if (value != expected.Value || expiry != expected.ExpiresAt)
                lost.Add($"{key}: {value} {expiry}, acknowledged {expected}");
        }
        return lost;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
        RedisClient? client = null;
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            var (key, value, expiry) = ($"writer:{writer}:{n % 50}", $"{n}", tomorrow + n);
            var port = 0;
            // Sent until it is acknowledged: the same write again does no harm.
            while (true)
            {
                try
                {
                    if (client is null || port != Port)
                    {
                        port = Port;
                        client = await RedisClient.OpenAsync(
                            fixture.Pair.OldSettings with
                            {
                                Port = port,
                            },
                            TimeProvider.System,
                            CancellationToken.None
                        );
                    }
                    await client.CallAsync(
                        CancellationToken.None,
                        "SET",
                        key,
                        value,
                        "PXAT",
                        expiry.ToString(CultureInfo.InvariantCulture)
                    );
                    break;
                }
                catch (OperationException)
                {
                    client = null;
                }
            }
            acknowledged[key] = (value, expiry);
            Interlocked.Increment(ref writes);
        }
    }
}
