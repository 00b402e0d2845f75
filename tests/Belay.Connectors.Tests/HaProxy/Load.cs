using System.Collections.Concurrent;
using Belay.Parts;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>Customers who keep their connections and never try again.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Customers = 4;
    private readonly CancellationTokenSource ended = new();
    private readonly Task[] customers;
    private int sent;
    private int failed;

    public Load(int port) => customers = [.. Enumerable.Range(0, Customers).Select(_ => CustomerAsync(port))];

    public int Sent => sent;

    public int Failed => failed;

    public ConcurrentDictionary<string, int> Servers { get; } = new(StringComparer.Ordinal);

    /// <summary>Waits until so many requests were sent in total.</summary>
    public async Task WaitForAsync(int count, CancellationToken ct) =>
        Assert.True(await Poll.UntilAsync(() => ValueTask.FromResult(sent >= count), TimeSpan.FromSeconds(30), ct));

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await Task.WhenAll(customers);
        ended.Dispose();
    }

    private async Task CustomerAsync(int port)
    {
        using var client = new HttpClient();
        while (!ended.IsCancellationRequested)
        {
            try
            {
                var server = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), ended.Token);
                Servers.AddOrUpdate(server, 1, (_, n) => n + 1);
                Interlocked.Increment(ref sent);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref failed);
            }
        }
    }
}
