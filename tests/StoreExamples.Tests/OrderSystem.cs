using System.Globalization;
using Belay.Parts;
using Npgsql;

namespace StoreExamples.Tests;

/// <summary>A database of orders, two services that write to it, and <c>belay</c> in the plan's folder.</summary>
internal sealed class OrderSystem : IAsyncDisposable
{
    private const string Role = "orders";
    private const int Seeded = 30_000;
    private static readonly string[] Names = ["orders-1", "orders-2"];
    private readonly PostgresServer server;
    private OrderService[] services = [];
    private NpgsqlConnection? look;

    private OrderSystem(PostgresServer server) => this.server = server;

    public ExampleFolder Folder { get; } = new("expand-contract");

    public IReadOnlyList<OrderService> Services => services;

    /// <summary>Brings everything up at schema 1, with orders coming in.</summary>
    public static async Task<OrderSystem> StartAsync(CancellationToken ct)
    {
        var system = new OrderSystem(await PostgresServer.StartAsync(ct: ct));
        await system.server.ExecuteAsync($"create role {Role} login", ct: ct);
        await system.server.ExecuteAsync($"create database {Role} owner {Role}", ct: ct);
        await system.server.ExecuteAsync(
            $"""
            set role {Role};
            create table orders (id bigint generated always as identity primary key, number text unique not null, amount numeric(12, 2) not null);
            create table belay_migrations (version int primary key, name text not null, checksum text, applied_at timestamptz not null);
            insert into belay_migrations values (1, 'baseline', null, now());
            insert into orders (number, amount) select 'seed-' || n, n / 100.0 from generate_series(1, {Seeded}) n;
            """,
            Role,
            ct
        );
        await system.WriteFilesAsync(ct);
        system.look = new NpgsqlConnection(system.server.ConnectionString(Role) + ";Pooling=false");
        await system.look.OpenAsync(ct);
        system.services =
        [
            .. Names.Select(name => new OrderService(
                system.Folder,
                name,
                system.server.ConnectionString(Role) + $";Username={Role}"
            )),
        ];
        await system.OrderSomeAsync(ct);
        return system;
    }

    /// <summary>Waits until both services have placed some more orders.</summary>
    public async Task OrderSomeAsync(CancellationToken ct)
    {
        foreach (var service in services)
        {
            var goal = service.Orders.Count + 40;
            Assert.True(
                await Poll.UntilAsync(
                    () => ValueTask.FromResult(service.Orders.Count >= goal),
                    TimeSpan.FromSeconds(60),
                    ct
                ),
                $"a service is stuck: {string.Join("; ", service.Failures.Take(3))}"
            );
        }
    }

    /// <summary>Whether the backfill has begun and is not at its end.</summary>
    public async ValueTask<bool> IsBackfillingAsync(CancellationToken ct) =>
        await AskAsync("select to_regclass('belay_backfills') is not null", ct) is true
        && await AskAsync("select coalesce(bool_or(seen > 0 and not finished), false) from belay_backfills", ct)
            is true;

    /// <summary>The columns of the orders.</summary>
    public async Task<string> ColumnsAsync(CancellationToken ct) =>
        (string)
            (
                await AskAsync(
                    "select string_agg(attname, ' ' order by attnum) from pg_attribute where attrelid = 'orders'::regclass and attnum > 0 and not attisdropped",
                    ct
                )
            )!;

    /// <summary>Ends the services, of which nobody was refused anything, and asserts that every order has the amount that was confirmed last.</summary>
    /// <param name="cents">The expression for the amount in cents.</param>
    /// <param name="ct">Ends it.</param>
    public async Task AssertNothingLostAsync(string cents, CancellationToken ct)
    {
        foreach (var service in services)
            await service.EndAsync();
        Assert.Empty(services.SelectMany(service => service.Failures));
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand($"select number, ({cents})::bigint from orders", look);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            found.Add(rows.GetString(0), rows.GetInt64(1));
        foreach (var (order, amount) in services.SelectMany(service => service.Orders))
            Assert.Equal((order, amount), (order, found[order]));
        for (var n = 1L; n <= Seeded; n++)
            Assert.Equal(n, found[string.Create(CultureInfo.InvariantCulture, $"seed-{n}")]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services)
            await service.DisposeAsync();
        if (look is not null)
            await look.DisposeAsync();
        await server.DisposeAsync();
        Folder.Dispose();
    }

    private async Task<object?> AskAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, look);
        return await command.ExecuteScalarAsync(ct);
    }

    private async Task WriteFilesAsync(CancellationToken ct)
    {
        foreach (var name in Names)
            await Folder.WriteAsync($"{name}.env", "RELEASE=1.0.0\n", ct);
        await Folder.WriteAsync(
            "environments/default.yaml",
            $$"""
            connections:
              db: { kind: postgresql, host: 127.0.0.1, port: {{server.Port}}, database: {{Role}}, user: {{Role}} }
            values:
              services: [{{string.Join(", ", Names)}}]
              operator: dba
              batch: 2000
              soak: 500ms

            """,
            ct
        );
    }
}
