using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>A database's schema in a form in which two versions of PostgreSQL write the same thing the same way: one line an object.</summary>
/// <remarks>Definitions that versions print differently are compared by their parts: a view by its columns, a routine by its source text. Not-null constraints, catalogued from version 18 on, stand at the columns.</remarks>
internal static class Catalog
{
    /// <summary>Schemas that users made; the alias of <c>pg_namespace</c> is <c>n</c>.</summary>
    public const string UserSchemas = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    private const int DifferencesNamed = 5;

    private const string Lines = $"""
        SELECT format('schema %I', n.nspname) FROM pg_namespace n WHERE {UserSchemas}
        UNION ALL
        SELECT format('%s %I.%I: identity %s, security %s %s%s', CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' ELSE 'table' END,
            n.nspname, c.relname, c.relreplident, c.relrowsecurity, c.relforcerowsecurity,
            ' ' || pg_get_expr(c.relpartbound, c.oid))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {UserSchemas} AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relpersistence <> 't' AND {OfNoExtension}
        UNION ALL
        SELECT format('column %I of %I.%I: %s%s%s%s %s', a.attname, n.nspname, c.relname, format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN ' not null' END, ' generated ' || nullif(a.attgenerated::text, ''), ' identity ' || nullif(a.attidentity::text, ''),
            CASE WHEN c.relkind IN ('r', 'p') THEN pg_get_expr(e.adbin, e.adrelid) END)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
        WHERE {UserSchemas} AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relpersistence <> 't' AND {OfNoExtension}
        UNION ALL
        SELECT format('constraint %I of %s: %s', o.conname, coalesce(nullif(o.conrelid, 0)::regclass::text, o.contypid::regtype::text), pg_get_constraintdef(o.oid))
        FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace
            LEFT JOIN pg_class c ON c.oid = o.conrelid
        WHERE {UserSchemas} AND o.contype NOT IN ('n', 't') AND (c.oid IS NULL OR {OfNoExtension})
        UNION ALL
        SELECT format('index %I.%I: %s%s', n.nspname, c.relname, pg_get_indexdef(c.oid), CASE WHEN NOT i.indisvalid THEN ' invalid' END)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {UserSchemas} AND c.relpersistence <> 't' AND {OfNoExtension}
        UNION ALL
        SELECT format('trigger %I of %s: %s %s %s', t.tgname, t.tgrelid::regclass, t.tgtype, t.tgenabled, t.tgfoid::regproc)
        FROM pg_trigger t WHERE NOT t.tgisinternal
        UNION ALL
        SELECT format('routine %I.%I(%s): %s', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), md5(p.prosrc))
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE {UserSchemas} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'e' AND d.classid = 'pg_proc'::regclass AND d.objid = p.oid)
        UNION ALL
        SELECT format('type %I.%I: %s', n.nspname, t.typname, (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE {UserSchemas} AND t.typtype IN ('d', 'e', 'r')
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'e' AND d.classid = 'pg_type'::regclass AND d.objid = t.oid)
        UNION ALL
        SELECT format('policy %I of %s: %s %s %s', p.polname, p.polrelid::regclass, p.polcmd, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
        FROM pg_policy p
        """;

    private const string OfNoExtension =
        "NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'e' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid)";

    /// <summary>All lines in one short text, for comparing a side with itself a moment later.</summary>
    public static async Task<string> DigestAsync(Side side, CancellationToken ct) =>
        await side.ValueAsync<string>(
            $"SELECT md5(string_agg(line, E'\\n' ORDER BY line COLLATE \"C\")) FROM ({Lines}) AS lines (line)",
            ct
        ) ?? "";

    /// <summary>In what two schemas differ, at most a few lines; empty: in nothing.</summary>
    public static async Task<string> DifferencesAsync(Side one, Side other, CancellationToken ct)
    {
        var (left, right) = (await LinesAsync(one, ct), await LinesAsync(other, ct));
        var differing = left.Except(right, StringComparer.Ordinal)
            .Select(line => $"only {one.Name} has {line.Trim()}")
            .Concat(right.Except(left, StringComparer.Ordinal).Select(line => $"only {other.Name} has {line.Trim()}"))
            .ToArray();
        return differing.Length <= DifferencesNamed
            ? string.Join("; ", differing)
            : string.Join("; ", differing.Take(DifferencesNamed)) + $"; and {differing.Length - DifferencesNamed} more";
    }

    private static Task<List<string>> LinesAsync(Side side, CancellationToken ct) =>
        side.ReadAsync(Lines, row => row.GetString(0), ct);
}
