using System.Collections.Concurrent;
using Npgsql;

namespace StoreExamples.Tests;

/// <summary>A service in the release that its file names: places orders, changes some, and reads back what it wrote.</summary>
internal sealed class OrderService : IAsyncDisposable
{
    private const string Old = "1.0.0";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(3);
    private readonly ExampleFolder folder;
    private readonly string name;
    private readonly string connection;
    private readonly CancellationTokenSource ending = new();
    private readonly Task working;

    public OrderService(ExampleFolder folder, string name, string connection)
    {
        (this.folder, this.name, this.connection) = (folder, name, connection);
        working = Task.Run(WorkAsync);
    }

    /// <summary>Each order with its amount in cents that was confirmed last.</summary>
    public ConcurrentDictionary<string, long> Orders { get; } = new(StringComparer.Ordinal);

    /// <summary>What users were told instead of a confirmation.</summary>
    public ConcurrentBag<string> Failures { get; } = [];

    /// <summary>The releases that it ran, in their order.</summary>
    public ConcurrentQueue<string> Releases { get; } = [];

    public async Task EndAsync()
    {
        await ending.CancelAsync();
        await working;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        ending.Dispose();
    }

    private async Task WorkAsync()
    {
        for (var number = 0L; !ending.IsCancellationRequested; )
        {
            var release = Release();
            Releases.Enqueue(release);
            try
            {
                await using var session = new NpgsqlConnection(
                    $"{connection};Pooling=false;Application Name=orders {release}"
                );
                await session.OpenAsync();
                await File.WriteAllTextAsync(folder.PathOf($"{name}.runs"), $"{release}\n");
                while (Release() == release && !ending.IsCancellationRequested)
                {
                    await OrderAsync(session, release, ++number);
                    await Task.Delay(Pause, TimeProvider.System);
                }
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
            {
                Failures.Add($"{name} {release} {number}: {e.Message}");
            }
        }
    }

    private string Release() => File.ReadAllText(folder.PathOf($"{name}.env")).Trim()["RELEASE=".Length..];

    private async Task OrderAsync(NpgsqlConnection session, string release, long number)
    {
        var (id, cents) = ($"{name}-{number}", (number * 7) + 1);
        await WriteAsync(
            session,
            release == Old
                ? "INSERT INTO orders (number, amount) VALUES ($1, $2)"
                : "INSERT INTO orders (number, total_cents) VALUES ($1, $2)",
            release,
            id,
            cents
        );
        // An order that the other release may have placed.
        if (number % 3 == 0)
            await WriteAsync(
                session,
                release == Old
                    ? "UPDATE orders SET amount = $2 WHERE number = $1"
                    : "UPDATE orders SET total_cents = $2 WHERE number = $1",
                release,
                $"{name}-{(number / 2) + 1}",
                cents + 1
            );
    }

    private async Task WriteAsync(NpgsqlConnection session, string sql, string release, string id, long cents)
    {
        await using var write = new NpgsqlCommand(sql, session);
        write.Parameters.AddWithValue(id);
        write.Parameters.AddWithValue(release == Old ? cents / 100m : cents);
        if (await write.ExecuteNonQueryAsync() != 1)
            throw new InvalidOperationException($"{id} is not there");
        Orders[id] = cents;
    }
}
