using System.Collections.Immutable;
using Belay.Connectors.PostgreSql;
using Belay.Connectors.Tests.Files;
using ConnectorKit;
using Npgsql;

namespace Belay.Connectors.Tests.PostgreSql;

/// <summary>What the fixtures of all PostgreSQL operations share: the live system is every open database of the shop and every file of the plan's folder.</summary>
internal static class ShopFixture
{
    public const string Connection = "db";

    public static ImmutableDictionary<string, object> Connections(PostgreSqlSettings settings) =>
        ImmutableDictionary<string, object>.Empty.Add(Connection, settings);

    /// <summary>Every row of every table of the shop's databases, whatever their names are, and every file.</summary>
    public static async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(
        SharedPostgres postgres,
        string database,
        string folder,
        CancellationToken ct
    )
    {
        var live = FileSnapshot.Of(folder);
        var names = (string)
            (
                await postgres.Server.ExecuteAsync(
                    $"SELECT coalesce(string_agg(datname, ','), '') FROM pg_database WHERE datallowconn AND (datname = '{database}' OR datname LIKE '{database}\\_belay%')",
                    ct: ct
                )
            )!;
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var place = name == database ? $"postgresql:{Connection}" : $"postgresql:{Connection}/{name}";
            foreach (var (table, rows) in await TablesAsync(postgres, name, ct))
                live = live.Add($"{place}/{table}", rows);
        }
        return live;
    }

    private static async Task<List<(string Table, string Rows)>> TablesAsync(
        SharedPostgres postgres,
        string database,
        CancellationToken ct
    )
    {
        await using var session = new NpgsqlConnection(postgres.Server.ConnectionString(database) + ";Pooling=false");
        await session.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            "SELECT relname::text, query_to_xml(format('SELECT * FROM %I ORDER BY 1', relname), true, false, '')::text FROM pg_class WHERE relkind IN ('r', 'S') AND relnamespace = 'public'::regnamespace",
            session
        );
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tables = new List<(string, string)>();
        while (await reader.ReadAsync(ct))
            tables.Add((reader.GetString(0), reader.GetString(1)));
        return tables;
    }
}
