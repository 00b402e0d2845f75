using System.Net;
using Belay.Parts;
using Npgsql;
using Storefront.Cache;
using Storefront.Load;

namespace Storefront.Demo;

/// <summary>Fills the stores with what a shop of some age holds.</summary>
internal static class Seed
{
    private const int Batch = 500;

    public static async Task SessionsAsync(int port, int count, CancellationToken ct)
    {
        var endpoint = new CacheEndpoint
        {
            Host = IPAddress.Loopback.ToString(),
            Port = port,
            Password = null,
        };
        using var cache = await RespConnection.OpenAsync(endpoint, ct);
        foreach (var batch in Enumerable.Range(0, count).Select(SeededSession.Number).Chunk(Batch))
        {
            var commands = batch.SelectMany(seeded =>
                SessionStore.Write(
                    new Session
                    {
                        Token = seeded.Token,
                        Customer = seeded.Customer,
                        Cart = seeded.Cart,
                        ExpiresAt = seeded.ExpiresAt,
                    }
                )
            );
            await cache.SendAsync([.. commands], ct);
        }
    }

    /// <summary>Makes the database at schema 41, as release 4.1.0 was installed with, and its role.</summary>
    public static async Task OrdersAsync(
        PostgresServer server,
        string password,
        string baseline,
        int count,
        CancellationToken ct
    )
    {
        // createdb: a backup is proven by restoring it into a scratch database.
        await server.ExecuteAsync($"create role shop login createdb password '{password}'", ct: ct);
        await server.ExecuteAsync("create database shop owner shop", ct: ct);
        await using var database = new NpgsqlConnection(ConnectionString(server, password));
        await database.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            $"""
            {baseline};
            create table belay_migrations (
                version int primary key, name text not null, checksum text, applied_at timestamptz not null
            );
            insert into belay_migrations values (41, 'baseline', null, now());
            insert into orders (number, customer, item, amount)
                select 'seed-' || n, 'customer-' || n % 20000, 'item-' || n % 97, n % 50000 / 100.0
                from generate_series(1, {count}) n;
            """,
            database
        );
        await command.ExecuteNonQueryAsync(ct);
    }

    public static string ConnectionString(PostgresServer server, string password) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = IPAddress.Loopback.ToString(),
            Port = server.Port,
            Database = "shop",
            Username = "shop",
            Password = password,
            Pooling = false,
        }.ConnectionString;
}
