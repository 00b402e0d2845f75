using System.Globalization;
using System.Net.Http.Json;
using Npgsql;
using Storefront.Load;

namespace Storefront.Demo;

/// <summary>
/// What the customers saw, found out without asking Belay: from the load generator, from the stores and from the
/// servers that answer.
/// </summary>
internal sealed record Proof
{
    public required LoadReport Load { get; init; }

    public required AuditReport Audit { get; init; }

    public required int Schema { get; init; }

    /// <summary>Orders of this run that the database itself counts.</summary>
    public required long OrdersInDatabase { get; init; }

    /// <summary>The release that answers behind the balancer.</summary>
    public required string Release { get; init; }

    /// <summary>The cache that it uses.</summary>
    public required string Cache { get; init; }

    public bool NothingLost =>
        Load.Failed == 0 && Audit is { SessionsLost: 0, OrdersLost: 0 } && OrdersInDatabase == Audit.OrdersAcknowledged;

    /// <summary>Ends the load and reads everything back.</summary>
    public static async Task<Proof> TakeAsync(LiveSystem system, Customers customers, CancellationToken ct)
    {
        var load = await customers.StopAsync(ct);
        var audit = await customers.AuditAsync(ct);
        using var http = new HttpClient { BaseAddress = system.ShopUrl };
        var status = await http.GetFromJsonAsync("/status", Wire.Default.StatusAnswer, ct);
        await using var database = NpgsqlDataSource.Create(
            Seed.ConnectionString(system.Database, system.DatabasePassword)
        );
        return new Proof
        {
            Load = load,
            Audit = audit,
            Release = status!.Release,
            Cache = status.Cache,
            Schema = await ReadAsync<int>(database, "select max(version) from belay_migrations", ct),
            OrdersInDatabase = await ReadAsync<long>(
                database,
                "select count(*) from orders where customer like 'buyer-%'",
                ct
            ),
        };
    }

    public string ToText() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""

            what the customers saw
              release now            {Release} on schema {Schema}, sessions in {Cache}
              requests sent          {Load.Sent} ({Load.Rate} a second, p50 {Load.P50Ms} ms, p99 {Load.P99Ms} ms)
              requests failed        {Load.Failed}
              longest gap            {Load.LongestGapMs} ms
              sessions lost          {Audit.SessionsLost} of {Audit.SessionsExpected}
              orders lost            {Audit.OrdersLost} of {Audit.OrdersAcknowledged} acknowledged ({OrdersInDatabase} in the database)
            """
        ) + string.Concat(Load.Failures.Concat(Audit.Lost).Select(detail => $"\n    {detail}"));

    private static async Task<T> ReadAsync<T>(NpgsqlDataSource database, string query, CancellationToken ct)
    {
        await using var command = database.CreateCommand(query);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}
