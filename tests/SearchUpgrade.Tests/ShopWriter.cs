using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SearchUpgrade.Tests;

/// <summary>A service that writes products and deletes some, by the alias; it tries again what is refused, and notes what was confirmed.</summary>
internal sealed class ShopWriter
{
    private const int Seed = 17;
    private const int DeletesOneIn = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);
    private readonly HttpClient client;
    private readonly string url;
    private readonly CancellationTokenSource ending = new();
    private readonly Task writing;
    private long confirmed;

    public ShopWriter(HttpClient client, string url)
    {
        (this.client, this.url) = (client, url);
        writing = WriteAsync();
    }

    /// <summary>How many writes and deletions were confirmed.</summary>
    public long Confirmed => Interlocked.Read(ref confirmed);

    /// <summary>Products, with the amount that was confirmed last; read it after the end.</summary>
    public Dictionary<string, long> Written { get; } = new(StringComparer.Ordinal);

    /// <summary>Products whose deletion was confirmed.</summary>
    public HashSet<string> Deleted { get; } = new(StringComparer.Ordinal);

    public async Task EndAsync()
    {
        await ending.CancelAsync();
        await writing;
    }

    private async Task WriteAsync()
    {
        var random = new Random(Seed);
        for (var number = 1L; !ending.IsCancellationRequested; number++)
        {
            // Some are new, some are written again, among them those that were there before.
            var id = random.Next(2) == 0 ? $"p{number}" : $"seed-{random.Next(1, 400)}";
            if (random.Next(DeletesOneIn) == 0)
                await DeleteAsync(id);
            else
                await PutAsync(id, number);
            Interlocked.Increment(ref confirmed);
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private async Task PutAsync(string id, long amount)
    {
        await ConfirmAsync(() =>
            client.PutAsync(
                new Uri($"{url}/_doc/{id}"),
                JsonContent.Create(
                    new JsonObject
                    {
                        ["sku"] = id,
                        ["amount"] = amount,
                        ["updated_at"] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
                    }
                )
            )
        );
        Written[id] = amount;
        Deleted.Remove(id);
    }

    private async Task DeleteAsync(string id)
    {
        await ConfirmAsync(() => client.DeleteAsync(new Uri($"{url}/_doc/{id}")));
        Written.Remove(id);
        Deleted.Add(id);
    }

    private static async Task ConfirmAsync(Func<Task<HttpResponseMessage>> write)
    {
        while (true)
        {
            using var answer = await write();
            // A deletion of what is not there is one, too. Refused while writes are blocked: again.
            if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotFound)
                return;
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
