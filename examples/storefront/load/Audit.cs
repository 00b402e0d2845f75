using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Storefront.Load;

/// <summary>Reads back through the shop all that must be there: each seeded session, each acknowledged order.</summary>
internal sealed class Audit(Options options, Tally tally)
{
    private const int Readers = 8;
    private const int DetailedLosses = 20;

    public async Task<AuditReport> RunAsync(CancellationToken ct)
    {
        // What is acknowledged while this runs belongs to the next audit.
        var orders = tally.AcknowledgedOrders();
        var lostSessions = await LostAsync(
            options.Sessions,
            n => $"/session/{SeededSession.Number(n).Token}",
            SeededSession.Number,
            Wire.Default.SeededSession,
            ct
        );
        var lostOrders = await LostAsync(
            orders.Length,
            n => $"/order/{orders[n].Number}",
            n => new OrderAnswer(orders[n].Number, orders[n].Customer, orders[n].Item, orders[n].Cents),
            Wire.Default.OrderAnswer,
            ct
        );
        return new AuditReport
        {
            SessionsExpected = options.Sessions,
            SessionsLost = lostSessions.Length,
            OrdersAcknowledged = orders.Length,
            OrdersLost = lostOrders.Length,
            Lost = [.. lostSessions.Concat(lostOrders).Take(DetailedLosses)],
        };
    }

    /// <summary>
    /// Describes every item that the shop does not know, or knows differently.
    /// </summary>
    /// <exception cref="IOException">The shop could not be asked, which says nothing about what it holds.</exception>
    private async Task<ImmutableArray<string>> LostAsync<T>(
        int count,
        Func<int, string> path,
        Func<int, T> expected,
        JsonTypeInfo<T> type,
        CancellationToken ct
    )
    {
        var lost = new ConcurrentBag<string>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => ReadAsync()));
        return [.. lost.Order(StringComparer.Ordinal)];

        async Task ReadAsync()
        {
            using var connection = new ShopConnection(options.Shop);
            int n;
            while ((n = Interlocked.Increment(ref next)) < count)
            {
                var answer = await connection.SendAsync(new() { Method = "GET", Path = path(n) }, ct);
                if (answer.Status is not (200 or 404))
                    throw new IOException($"{path(n)} answered {answer.Status}: {answer.Body}");
                if (answer.Status == 404 || !Equals(JsonSerializer.Deserialize(answer.Body, type), expected(n)))
                    lost.Add($"{path(n)}: {answer.Body}");
            }
        }
    }
}
