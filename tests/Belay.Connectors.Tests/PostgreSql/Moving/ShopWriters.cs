using System.Collections.Concurrent;
using Belay.Parts;
using Npgsql;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

/// <summary>Services that place orders in transactions of their own and remember which were acknowledged. What fails is not tried again.</summary>
/// <remarks>They rest between two orders: no replication keeps up with writers that leave the machine nothing.</remarks>
internal sealed class ShopWriters : IAsyncDisposable
{
    private const string Ordering =
        "WITH placed AS (INSERT INTO orders (token, cents) VALUES ($1, 100) RETURNING number), noted AS (INSERT INTO lines (order_number, text) SELECT number, 'line' FROM placed) INSERT INTO invoices VALUES (nextval('invoice_numbers'), $1)";

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<string> acknowledged = [];
    private readonly ConcurrentBag<string> failures = [];
    private readonly Task[] tasks;

    private ShopWriters(string endpoint, int count, string statement) =>
        tasks = [.. Enumerable.Range(0, count).Select(i => Task.Run(() => WriteAsync(endpoint, i, statement)))];

    public IReadOnlyCollection<string> Acknowledged => acknowledged;

    public IReadOnlyCollection<string> Failures => failures;

    /// <summary>Starts them.</summary>
    /// <param name="endpoint">What they connect with.</param>
    /// <param name="count">How many.</param>
    /// <param name="statement">What they do instead of ordering; <c>$1</c> is the token.</param>
    public static ShopWriters Start(string endpoint, int count = 8, string statement = Ordering) =>
        new(endpoint, count, statement);

    /// <summary>Waits until some more orders were acknowledged.</summary>
    public async Task WriteSomeAsync(CancellationToken ct)
    {
        var goal = acknowledged.Count + 200;
        Assert.True(
            await Poll.UntilAsync(() => ValueTask.FromResult(acknowledged.Count >= goal), TimeSpan.FromSeconds(30), ct),
            $"the writers are stuck at {acknowledged.Count}: {string.Join("; ", failures.Take(3))}"
        );
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(tasks);
    }

    /// <summary>The acknowledged orders that a database does not hold in full.</summary>
    public Task<List<string>> MissingAsync(PostgresServer server, string database, CancellationToken ct) =>
        MissingAsync([.. Acknowledged], server, database, ct);

    /// <summary>Those of some orders that a database does not hold in full.</summary>
    public static async Task<List<string>> MissingAsync(
        string[] orders,
        PostgresServer server,
        string database,
        CancellationToken ct
    )
    {
        await using var session = new NpgsqlConnection(server.ConnectionString(database) + ";Pooling=false");
        await session.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            "SELECT a.token FROM unnest($1) a (token) WHERE NOT EXISTS (SELECT FROM orders o JOIN lines l ON l.order_number = o.number JOIN invoices i USING (token) WHERE o.token = a.token)",
            session
        );
        command.Parameters.AddWithValue(orders);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var missing = new List<string>();
        while (await reader.ReadAsync(ct))
            missing.Add(reader.GetString(0));
        return missing;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task WriteAsync(string endpoint, int writer, string statement)
    {
        NpgsqlConnection? session = null;
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            var token = $"writer-{writer}-{n}";
            try
            {
                if (session is null)
                {
                    session = new NpgsqlConnection(endpoint);
                    await session.OpenAsync();
                }
                await OrderAsync(session, token, statement);
                acknowledged.Add(token);
                await Task.Delay(Rest, TimeProvider.System);
            }
            catch (NpgsqlException e)
            {
                failures.Add($"{token}: {e.Message}");
                await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
                session = null;
            }
        }
        await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static async Task OrderAsync(NpgsqlConnection session, string token, string statement)
    {
        await using var transaction = await session.BeginTransactionAsync();
        await using var order = new NpgsqlCommand(statement, session, transaction);
        order.Parameters.AddWithValue(token);
        await order.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }
}
