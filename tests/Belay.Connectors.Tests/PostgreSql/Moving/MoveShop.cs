using System.Collections.Immutable;
using Belay.Parts;
using Npgsql;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

/// <summary>A shop on two servers, of which one shall take the other's place.</summary>
public sealed class MoveShop(MovePair pair, string database) : IAsyncDisposable
{
    /// <summary>The tables that services write to, and some of everything that replication treats in a way of its own.</summary>
    public const string Schema = """
        CREATE TABLE orders (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, token text NOT NULL UNIQUE, cents int NOT NULL);
        CREATE TABLE lines (id serial PRIMARY KEY, order_number bigint NOT NULL REFERENCES orders, text text);
        CREATE SEQUENCE invoice_numbers START 1000;
        CREATE TABLE invoices (number bigint PRIMARY KEY, token text NOT NULL);
        CREATE TABLE events (at timestamptz NOT NULL, id bigint NOT NULL, PRIMARY KEY (at, id)) PARTITION BY RANGE (at);
        CREATE TABLE events_now PARTITION OF events FOR VALUES FROM ('2000-01-01') TO ('3000-01-01');
        CREATE SEQUENCE never_used;
        CREATE SEQUENCE set_back; SELECT setval('set_back', 77, false);
        CREATE TYPE mood AS ENUM ('glad', 'sad');
        CREATE TABLE "Odd Name" ("a b" mood PRIMARY KEY, net numeric, gross numeric GENERATED ALWAYS AS (net * 1.2) STORED);
        INSERT INTO "Odd Name" VALUES ('glad', 1.5);
        CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS 'SELECT sum(cents) FROM public.orders';
        CREATE VIEW cheap AS SELECT * FROM orders WHERE cents < 100;
        CREATE MATERIALIZED VIEW dear AS SELECT * FROM orders WHERE cents >= 100;
        CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.text := coalesce(NEW.text, '''') || ''!''; RETURN NEW; END';
        CREATE TRIGGER stamps BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION stamp();
        INSERT INTO orders (token, cents) SELECT 'seed-' || n, n FROM generate_series(1, 500) n;
        INSERT INTO lines (order_number, text) SELECT number, 'line' FROM orders;
        INSERT INTO invoices SELECT nextval('invoice_numbers'), token FROM orders;
        INSERT INTO events SELECT '2026-01-01'::timestamptz + n * interval '1 hour', n FROM generate_series(1, 100) n;
        REFRESH MATERIALIZED VIEW dear;
        """;

    private bool isAway;

    public MovePair Pair => pair;

    public string Database => database;

    /// <summary>Connections by name.</summary>
    public ImmutableDictionary<string, object> Connections =>
        ImmutableDictionary<string, object>
            .Empty.Add("old", MovePair.Settings(pair.Old, database))
            .Add("new", MovePair.Settings(pair.New, database));

    public Task<object?> OldAsync(string sql, CancellationToken ct = default) =>
        pair.Old.ExecuteAsync(sql, database, ct);

    public Task<object?> NewAsync(string sql, CancellationToken ct = default) =>
        pair.New.ExecuteAsync(sql, database, ct);

    /// <summary>Everything of both databases: rows, definitions, sequences, limits, and the cluster's slots for them.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct)
    {
        var live = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, server) in new[] { ("old", pair.Old), ("new", pair.New) })
        {
            await using var session = new NpgsqlConnection(server.ConnectionString(database) + ";Pooling=false");
            await session.OpenAsync(ct);
            await using var command = new NpgsqlCommand(
                """
                SELECT 'table ' || c.oid::regclass, query_to_xml(format(CASE c.relkind WHEN 'S' THEN 'SELECT last_value, is_called FROM %s' ELSE 'SELECT * FROM ONLY %s AS t ORDER BY t::text' END, c.oid::regclass), true, false, '')::text
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                UNION ALL SELECT 'limit', datconnlimit::text FROM pg_database WHERE datname = current_database()
                UNION ALL SELECT 'slot ' || slot_name, '' FROM pg_replication_slots WHERE database = current_database()
                UNION ALL SELECT 'publication ' || pubname, '' FROM pg_publication
                UNION ALL SELECT 'subscription ' || subname, subenabled::text FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid WHERE datname = current_database()
                UNION ALL SELECT 'grants on public', nspacl::text FROM pg_namespace WHERE nspname = 'public'
                """,
                session
            );
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                live[$"postgresql:{name}/{reader.GetString(0)}"] = reader.IsDBNull(1) ? "" : reader.GetString(1);
        }
        return live.ToImmutable();
    }

    /// <summary>Closes the copy, so that nothing can be read from it.</summary>
    public Task TakeAwayAsync()
    {
        isAway = true;
        return pair.New.ExecuteAsync($"ALTER DATABASE {database} ALLOW_CONNECTIONS false");
    }

    /// <summary>Drops both databases, with what a failed test left of replication.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isAway)
            await pair.New.ExecuteAsync($"ALTER DATABASE {database} ALLOW_CONNECTIONS true");
        foreach (var server in new[] { pair.Old, pair.New })
        {
            await server.ExecuteAsync(
                "DO $$ BEGIN IF EXISTS (SELECT FROM pg_subscription WHERE subname = 'belay_move') THEN ALTER SUBSCRIPTION belay_move DISABLE; ALTER SUBSCRIPTION belay_move SET (slot_name = NONE); DROP SUBSCRIPTION belay_move; END IF; END $$",
                database
            );
        }
        foreach (var server in new[] { pair.Old, pair.New })
        {
            Assert.True(
                await Poll.UntilAsync(
                    async () =>
                    {
                        await server.ExecuteAsync(
                            $"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = '{database}' AND active"
                        );
                        await server.ExecuteAsync(
                            $"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '{database}' AND NOT active"
                        );
                        return (long)
                                (
                                    await server.ExecuteAsync(
                                        $"SELECT count(*) FROM pg_replication_slots WHERE database = '{database}'"
                                    )
                                )! == 0;
                    },
                    TimeSpan.FromSeconds(20),
                    CancellationToken.None
                ),
                "a slot stays in use"
            );
            await server.ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)");
        }
    }
}
