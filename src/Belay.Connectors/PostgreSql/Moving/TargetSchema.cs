using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>The schema of the database that a move fills: whether there is any, and how it is taken out again.</summary>
internal static class TargetSchema
{
    private const string Members = "pg_depend d WHERE d.deptype = 'e' AND d.classid =";

    /// <summary>What stands in a database that is to be filled, at most a few names; extensions, and what belongs to them, may be there.</summary>
    public static Task<List<string>> ContentsAsync(Side side, CancellationToken ct) =>
        side.ReadAsync(
            $"""
            SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {Catalog.UserSchemas} AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
                AND NOT EXISTS (SELECT FROM {Members} 'pg_class'::regclass AND d.objid = c.oid)
            UNION ALL
            SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE {Catalog.UserSchemas} AND NOT EXISTS (SELECT FROM {Members} 'pg_proc'::regclass AND d.objid = p.oid)
            UNION ALL
            SELECT t.oid::regtype::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE {Catalog.UserSchemas} AND t.typtype IN ('d', 'e', 'r')
                AND NOT EXISTS (SELECT FROM {Members} 'pg_type'::regclass AND d.objid = t.oid)
            UNION ALL
            SELECT format('schema %I', n.nspname) FROM pg_namespace n
            WHERE {Catalog.UserSchemas} AND n.nspname <> 'public'
                AND NOT EXISTS (SELECT FROM {Members} 'pg_namespace'::regclass AND d.objid = n.oid)
            UNION ALL
            SELECT 'large object ' || oid FROM pg_largeobject_metadata
            UNION ALL
            SELECT format('event trigger %I', evtname) FROM pg_event_trigger
            LIMIT 5
            """,
            row => row.GetString(0),
            ct
        );

    /// <summary>The extensions of a database.</summary>
    public static async Task<ImmutableArray<string>> ExtensionsAsync(Side side, CancellationToken ct) =>
        [.. await side.ReadAsync("SELECT extname::text FROM pg_extension ORDER BY 1", row => row.GetString(0), ct)];

    /// <summary>The statements that give the schema <c>public</c> its owner and grants as they are now.</summary>
    public static async Task<ImmutableArray<string>> PublicAsync(Side side, CancellationToken ct) =>
        [
            .. await side.ReadAsync(
                """
                SELECT format('ALTER SCHEMA public OWNER TO %I', pg_get_userbyid(nspowner)) FROM pg_namespace WHERE nspname = 'public'
                UNION ALL
                SELECT format('GRANT %s ON SCHEMA public TO %s%s', a.privilege_type,
                    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                    CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a WHERE nspname = 'public'
                ORDER BY 1
                """,
                row => row.GetString(0),
                ct
            ),
        ];

    /// <summary>Drops all that users made, but the extensions that were there before, and gives <c>public</c> back its owner and grants.</summary>
    public static async Task ClearAsync(
        Side side,
        ImmutableArray<string> extensions,
        ImmutableArray<string> publicSchema,
        CancellationToken ct
    )
    {
        var made = await side.ReadAsync(
            $"""
            SELECT format('DROP EXTENSION IF EXISTS %I CASCADE', extname) FROM pg_extension WHERE NOT extname::text = ANY ($1)
            UNION ALL
            SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', n.nspname) FROM pg_namespace n
            WHERE {Catalog.UserSchemas} AND n.nspname <> 'public'
                AND NOT EXISTS (SELECT FROM {Members} 'pg_namespace'::regclass AND d.objid = n.oid)
            UNION ALL
            SELECT format('DROP %s IF EXISTS %s CASCADE', CASE i.type WHEN 'composite type' THEN 'type' ELSE i.type END, i.identity)
            FROM pg_depend o, pg_identify_object(o.classid, o.objid, 0) i
            WHERE o.refclassid = 'pg_namespace'::regclass AND o.refobjid = 'public'::regnamespace AND o.deptype = 'n'
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype IN ('e', 'i', 'a') AND d.classid = o.classid AND d.objid = o.objid
                    AND (d.refclassid <> o.classid OR d.refobjid <> o.objid))
            """,
            row => row.GetString(0),
            ct,
            (object)extensions.ToArray()
        );
        var revoke = await side.ReadAsync(
            """
            SELECT DISTINCT format('REVOKE ALL ON SCHEMA public FROM %s',
                CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
            FROM pg_namespace, aclexplode(nspacl) a WHERE nspname = 'public'
            """,
            row => row.GetString(0),
            ct
        );
        await side.RunTogetherAsync([.. made, .. revoke, .. publicSchema], ct);
    }
}
