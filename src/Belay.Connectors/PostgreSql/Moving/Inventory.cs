using System.Collections.Immutable;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>All that stands in the way of a move, and all that it handles in a way of its own. Each part asks about one thing.</summary>
/// <remarks>PostgreSQL documentation, "Logical Replication", sections "Restrictions", "Configuration Settings" and "Security".</remarks>
internal sealed class Inventory(Side from, Side to, ImmutableArray<string> leaveBehind)
{
    /// <summary>What large objects are called in the list of what is left behind.</summary>
    public const string LargeObjects = "large objects";

    /// <summary>Reads both sides.</summary>
    /// <returns>What stops the move first.</returns>
    public async Task<ImmutableArray<MoveFinding>> ReadAsync(CancellationToken ct)
    {
        var servers = new ServerInventory(from, to);
        var findings = new List<MoveFinding>();
        findings.AddRange(await servers.ReadAsync(ct));
        findings.AddRange(await new SurroundingsInventory(from, to).ReadAsync(ct));
        findings.AddRange(await TablesAsync(ct));
        findings.AddRange(await OtherObjectsAsync(ct));
        findings.AddRange(await TargetAsync(ct));
        return [.. findings.OrderByDescending(finding => finding.Stops)];
    }

    /// <summary>The message of a refusal; null when nothing stops the move.</summary>
    public static string? Refusal(ImmutableArray<MoveFinding> findings) =>
        findings.Where(finding => finding.Stops).ToArray() is { Length: > 0 } stops
            ? string.Join("; ", stops.Select(stop => $"{stop.Subject}: {stop.Says}"))
            : null;

    private async Task<IEnumerable<MoveFinding>> TablesAsync(CancellationToken ct)
    {
        // "Default" means the primary key, which must not be deferrable.
        var faceless = await from.ReadAsync(
            $"""
            SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {Catalog.UserSchemas} AND c.relkind = 'r' AND c.relpersistence = 'p' AND (c.relreplident = 'n'
                OR (c.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate))
                OR (c.relreplident = 'i' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)))
            ORDER BY 1
            """,
            row => row.GetString(0),
            ct
        );
        var unlogged = await NamesAsync("c.relkind = 'r' AND c.relpersistence = 'u'", ct);
        var firing = await from.ReadAsync(
            "SELECT format('trigger %I of %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('A', 'R') ORDER BY 1",
            row => row.GetString(0),
            ct
        );
        var bound = await from.ReadAsync(
            $"""
            SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname), format_type(a.atttypid, NULL)
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {Catalog.UserSchemas} AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
                AND a.atttypid IN ('oid'::regtype, 'xid'::regtype, 'xid8'::regtype, 'pg_lsn'::regtype, 'pg_snapshot'::regtype, 'txid_snapshot'::regtype)
            ORDER BY 1
            """,
            row => (Column: row.GetString(0), Type: row.GetString(1)),
            ct
        );
        return
        [
            .. faceless.Select(table =>
                MoveFinding.Stop(
                    table,
                    $"it has no replica identity, so its updates and deletes would fail once it is published: give it a primary key, or ALTER TABLE {table} REPLICA IDENTITY USING INDEX ... (or FULL, which is slow for large tables)"
                )
            ),
            .. unlogged.Select(table =>
                Left(table, "it is unlogged, and its rows are not replicated", $"ALTER TABLE {table} SET LOGGED")
            ),
            .. firing.Select(trigger =>
                MoveFinding.Stop(
                    trigger,
                    "it is enabled ALWAYS or REPLICA, so it would fire a second time for rows that arrive by replication: ALTER TABLE ... ENABLE TRIGGER, or drop it"
                )
            ),
            .. bound.Select(column =>
                MoveFinding.Note(
                    column.Column,
                    $"values of type {column.Type} are copied as they stand; those that point into the old cluster point nowhere in the new one"
                )
            ),
        ];
    }

    private async Task<IEnumerable<MoveFinding>> OtherObjectsAsync(CancellationToken ct)
    {
        var objects = await from.ValueAsync<long>("SELECT count(*) FROM pg_largeobject_metadata", ct);
        var views = await NamesAsync("c.relkind = 'm'", ct);
        var foreign = await NamesAsync("c.relkind = 'f'", ct);
        var sequences = await from.ReadAsync(
            $"""
            SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND {Catalog.UserSchemas}
            """,
            row => (All: row.GetInt64(0), Unowned: row.GetInt64(1)),
            ct
        );
        var triggers = await from.ReadAsync(
            "SELECT evtname::text FROM pg_event_trigger WHERE evtenabled <> 'D' ORDER BY 1",
            row => row.GetString(0),
            ct
        );
        var wrappers = await from.ReadAsync(
            "SELECT srvname::text FROM pg_foreign_server ORDER BY 1",
            row => row.GetString(0),
            ct
        );
        var publications = await from.ReadAsync(
            $"SELECT pubname::text FROM pg_publication WHERE pubname <> {Sql.Text(ReplicationStream.Name)} ORDER BY 1",
            row => row.GetString(0),
            ct
        );
        var subscriptions = await from.ReadAsync(
            $"SELECT subname::text FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database() AND subname <> {Sql.Text(ReplicationStream.Name)} ORDER BY 1",
            row => row.GetString(0),
            ct
        );
        return
        [
            .. objects > 0
                ?
                [
                    Left(
                        LargeObjects,
                        $"there are {objects}, and they are not replicated",
                        "move them into a column of type bytea"
                    ),
                ]
                : Array.Empty<MoveFinding>(),
            .. views.Select(view =>
                MoveFinding.Note(
                    view,
                    "the materialized view is filled anew on the new side once its rows are there; refresh it again after the switch"
                )
            ),
            .. sequences is [{ All: > 0 } counted]
                ?
                [
                    MoveFinding.Note(
                        "sequences",
                        $"{counted.All} ({counted.Unowned} of them owned by no column) are set to their last values in the switch"
                    ),
                ]
                : Array.Empty<MoveFinding>(),
            .. foreign.Select(table =>
                MoveFinding.Stop(
                    table,
                    "foreign tables are not covered: drop it for the time of the move, and make it on the new side afterwards"
                )
            ),
            .. wrappers.Select(server =>
                MoveFinding.Stop(
                    $"foreign server {server}",
                    "foreign servers are not covered: drop it for the time of the move, and make it on the new side afterwards"
                )
            ),
            .. triggers.Select(trigger =>
                MoveFinding.Stop(
                    $"event trigger {trigger}",
                    $"it would act on the schema copy: ALTER EVENT TRIGGER {Sql.Name(trigger)} DISABLE for the time of the move"
                )
            ),
            .. publications.Select(name =>
                MoveFinding.Note(
                    $"publication {name}",
                    "it is not copied: whoever subscribes to it must be led over by hand"
                )
            ),
            .. subscriptions.Select(name =>
                MoveFinding.Stop(
                    $"subscription {name}",
                    $"{from.Name} receives rows by it, which would not be led over: end it first"
                )
            ),
        ];
    }

    private async Task<IEnumerable<MoveFinding>> TargetAsync(CancellationToken ct) =>
        await TargetSchema.ContentsAsync(to, ct) is { Count: > 0 } there
            ?
            [
                MoveFinding.Stop(
                    to.Name,
                    $"the database is not empty ({string.Join(", ", there)}{(there.Count == 5 ? ", ..." : "")}): name an empty one, made from template0"
                ),
            ]
            : [];

    private Task<List<string>> NamesAsync(string condition, CancellationToken ct) =>
        from.ReadAsync(
            $"SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {Catalog.UserSchemas} AND {condition} ORDER BY 1",
            row => row.GetString(0),
            ct
        );

    private MoveFinding Left(string subject, string says, string instead) =>
        leaveBehind.Contains(subject)
            ? MoveFinding.Note(subject, $"{says}: left behind, as the plan says")
            : MoveFinding.Stop(subject, $"{says}: {instead}, or name it in leave-behind");
}
