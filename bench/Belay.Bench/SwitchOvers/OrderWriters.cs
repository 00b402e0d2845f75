using System.Collections.Concurrent;
using System.Diagnostics;
using Belay.Parts;
using Npgsql;

namespace Belay.Bench.SwitchOvers;

/// <summary>Services that place orders, each in a transaction of its own, through the pooler. What fails is counted and not tried again.</summary>
internal sealed class OrderWriters : IAsyncDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(2);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<(string Token, long Invoice)> acknowledged = [];
    private readonly ConcurrentBag<string> failures = [];
    private readonly TimeSpan[] gaps;
    private readonly Task[] tasks;

    private OrderWriters(string endpoint, string name, int count)
    {
        gaps = new TimeSpan[count];
        tasks = [.. Enumerable.Range(0, count).Select(i => Task.Run(() => WriteAsync(endpoint, $"{name}-{i}", i)))];
    }

    /// <summary>The orders that were acknowledged, with the invoice number that each was told.</summary>
    public IReadOnlyCollection<(string Token, long Invoice)> Acknowledged => acknowledged;

    /// <summary>What was said of the orders that failed.</summary>
    public IReadOnlyCollection<string> Failures => failures;

    /// <summary>Of each writer the longest time between two acknowledgements since <see cref="ResetGaps"/>.</summary>
    public IReadOnlyList<TimeSpan> Gaps => gaps;

    public static OrderWriters Start(string endpoint, string name, int count) => new(endpoint, name, count);

    /// <summary>Measures gaps from now on.</summary>
    public void ResetGaps() => Array.Clear(gaps);

    /// <summary>Waits until some more orders were acknowledged.</summary>
    /// <exception cref="TimeoutException">They were not within five minutes.</exception>
    public async Task WriteMoreAsync(int orders, CancellationToken ct)
    {
        var goal = acknowledged.Count + orders;
        if (!await Poll.UntilAsync(() => ValueTask.FromResult(acknowledged.Count >= goal), TimeSpan.FromMinutes(5), ct))
            throw new TimeoutException($"the writers are stuck: {string.Join("; ", failures.Take(3))}");
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(tasks);
    }

    /// <summary>How many of the acknowledged orders a server does not hold.</summary>
    public async Task<long> LostAsync(PostgresServer server, string database, CancellationToken ct)
    {
        await using var session = new NpgsqlConnection(server.ConnectionString(database) + ";Pooling=false");
        await session.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM unnest($1) AS a (token) WHERE NOT EXISTS (SELECT FROM orders o WHERE o.token = a.token)",
            session
        );
        command.Parameters.AddWithValue(acknowledged.Select(order => order.Token).ToArray());
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task WriteAsync(string endpoint, string name, int writer)
    {
        NpgsqlConnection? session = null;
        var answered = Stopwatch.GetTimestamp();
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            try
            {
                if (session is null)
                {
                    session = new NpgsqlConnection(endpoint);
                    await session.OpenAsync();
                }
                await using var order = new NpgsqlCommand(
                    "INSERT INTO orders (token) VALUES ($1) RETURNING invoice",
                    session
                )
                {
                    CommandTimeout = 0,
                };
                order.Parameters.AddWithValue($"{name}-{n}");
                acknowledged.Add(($"{name}-{n}", (long)(await order.ExecuteScalarAsync())!));
                var gap = Stopwatch.GetElapsedTime(answered);
                answered = Stopwatch.GetTimestamp();
                if (gap > gaps[writer])
                    gaps[writer] = gap;
            }
            catch (NpgsqlException e)
            {
                failures.Add(e.Message);
                await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
                session = null;
            }
            await Task.Delay(Rest, TimeProvider.System);
        }
        await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
