using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Belay.Domain.Contract;
using Belay.Formats.Sql;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>Reads what a database holds, inside the caller's transaction. Content of materialized views, foreign tables, temporary tables and tables of extensions is left out.</summary>
internal sealed class ContentsReader(NpgsqlConnection session, string place)
{
    private const string LargeObjects = "large objects";

    // Rows are compared as text, so everything that shapes text is fixed. Row security must hide nothing.
    private const string Settings = """
        SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle = 'postgres';
        SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex'; SET LOCAL xmloption = 'content';
        SET LOCAL lc_monetary = 'C'; SET LOCAL search_path = pg_catalog; SET LOCAL row_security = off;
        SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0
        """;

    private const string UserSchemas = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    private ImmutableArray<TableContents> tables = [];

    /// <summary>The tables, once <see cref="ReadTablesAsync"/> has come to its end.</summary>
    public ImmutableArray<TableContents> Tables => tables;

    /// <summary>Fixes the session's settings until its transaction ends.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        foreach (var statement in SqlSplitter.Split(Settings))
            await session.RunAsync(place, statement.Text, ct);
    }

    /// <summary>The tables whose content counts: name, quoted in full.</summary>
    public Task<List<string>> TableNamesAsync(CancellationToken ct) =>
        session.ReadAsync(
            place,
            $"""
            SELECT format('%I.%I', n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND {UserSchemas} AND {NotOfExtension("pg_class", "c")}
            ORDER BY 1
            """,
            row => row.GetString(0),
            ct
        );

    /// <summary>Counts and hashes every table.</summary>
    public async IAsyncEnumerable<Progress> ReadTablesAsync(string doing, [EnumeratorCancellation] CancellationToken ct)
    {
        var names = await TableNamesAsync(ct);
        var read = ImmutableArray.CreateBuilder<TableContents>();
        foreach (var name in names)
        {
            yield return Progress.Count(read.Count, names.Count, "tables", doing);
            // ONLY: a parent's children are tables of their own. The alias is none that a column could have.
            read.Add(await ReadAsync(name, "belay_row::text", $"ONLY {name} AS belay_row", ct));
        }
        read.Add(await ReadAsync(LargeObjects, "lo_get(oid)::text", "pg_largeobject_metadata", ct));
        tables = read.ToImmutable();
        yield return Progress.Count(names.Count, names.Count, "tables", doing);
    }

    /// <summary>How far each sequence is now.</summary>
    public async Task<ImmutableSortedDictionary<string, long?>> ReadSequencesAsync(CancellationToken ct)
    {
        var rows = await session.ReadAsync(
            place,
            "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences",
            row => KeyValuePair.Create(row.GetString(0), row.IsDBNull(1) ? (long?)null : row.GetInt64(1)),
            ct
        );
        return rows.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>How many objects of each kind users made.</summary>
    public async Task<ImmutableSortedDictionary<string, long>> ReadObjectsAsync(CancellationToken ct)
    {
        var rows = await session.ReadAsync(
            place,
            $"""
            SELECT 'relations of kind ' || c.relkind::text, count(*)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relpersistence <> 't' AND {UserSchemas} AND {NotOfExtension("pg_class", "c")} GROUP BY 1
            UNION ALL
            SELECT 'routines', count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE {UserSchemas} AND {NotOfExtension("pg_proc", "p")}
            UNION ALL
            SELECT 'types', count(*) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE t.typtype IN ('d', 'e', 'r') AND {UserSchemas} AND {NotOfExtension("pg_type", "t")}
            UNION ALL
            SELECT 'constraints', count(*) FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace
            WHERE {UserSchemas}
            UNION ALL
            SELECT 'triggers', count(*) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL
            SELECT 'policies', count(*) FROM pg_policy
            UNION ALL
            SELECT 'extensions', count(*) FROM pg_extension
            UNION ALL
            SELECT 'schemas', count(*) FROM pg_namespace n WHERE {UserSchemas}
            """,
            row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)),
            ct
        );
        return rows.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private async Task<TableContents> ReadAsync(string name, string row, string source, CancellationToken ct)
    {
        var read = await session.ReadAsync(
            place,
            $"SELECT count(*), coalesce(sum(hashtextextended({row}, 0)::numeric), 0)::text FROM {source}",
            found => new TableContents(name, found.GetInt64(0), found.GetString(1)),
            ct
        );
        return read[0];
    }

    private static string NotOfExtension(string catalog, string alias) =>
        $"NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{catalog}'::regclass AND d.objid = {alias}.oid AND d.deptype = 'e')";
}
