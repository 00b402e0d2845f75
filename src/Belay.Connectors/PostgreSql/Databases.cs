using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>Makes, opens, closes, renames and drops databases, from the maintenance database.</summary>
internal sealed class Databases(Server server)
{
    private static readonly TimeSpan CleaningLimit = TimeSpan.FromSeconds(30);

    /// <summary>Whether there is a database of this name.</summary>
    public async Task<bool> ExistsAsync(string name, CancellationToken ct)
    {
        await using var session = await server.OpenMaintenanceAsync(ct);
        return await ExistsAsync(session, name, ct);
    }

    /// <summary>Whether a database lets nobody in.</summary>
    public async Task<bool> IsClosedAsync(string name, CancellationToken ct)
    {
        await using var session = await server.OpenMaintenanceAsync(ct);
        return await session.ValueAsync<bool>(
            server.Place,
            "SELECT NOT datallowconn FROM pg_database WHERE datname = $1",
            ct,
            name
        );
    }

    /// <summary>The comment on a database; empty when there is none.</summary>
    public async Task<string> CommentAsync(string name, CancellationToken ct)
    {
        await using var session = await server.OpenMaintenanceAsync(ct);
        return await CommentAsync(session, name, ct);
    }

    /// <summary>Makes an empty database as another one was made; as the server's default when there is no other one.</summary>
    public async Task CreateLikeAsync(string name, string model, CancellationToken ct)
    {
        await using var session = await server.OpenMaintenanceAsync(ct);
        await session.RequirePrimaryAsync(server.Place, ct);
        var made = await session.ReadAsync(
            server.Place,
            """
            SELECT format('OWNER %I ENCODING %L LC_COLLATE %L LC_CTYPE %L',
                pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype)
            FROM pg_database WHERE datname = $1
            """,
            row => row.GetString(0),
            ct,
            model
        );
        await session.RunAsync(
            server.Place,
            $"CREATE DATABASE {Sql.Name(name)} TEMPLATE template0 {string.Concat(made)}",
            ct
        );
    }

    /// <summary>Drops a database with its sessions; nothing happens when it is not there.</summary>
    public async Task DropAsync(string name, CancellationToken ct)
    {
        await using var session = await server.OpenMaintenanceAsync(ct);
        await session.RunAsync(server.Place, $"DROP DATABASE IF EXISTS {Sql.Name(name)} WITH (FORCE)", ct);
    }

    /// <summary>Drops a database on the way out. What cannot be dropped now is seen by the next observation.</summary>
    public async Task TryDropAsync(string name, TimeProvider clock)
    {
        using var limit = new CancellationTokenSource(CleaningLimit, clock);
        try
        {
            await DropAsync(name, limit.Token);
        }
        catch (Exception e) when (e is OperationException or OperationCanceledException)
        {
            // The failure that led here is the one to tell.
        }
    }

    /// <summary>Lets nobody in any more and ends all sessions.</summary>
    public async Task CloseAsync(string name, CancellationToken ct)
    {
        await using var session = await server.OpenMaintenanceAsync(ct);
        await session.RunAsync(server.Place, $"ALTER DATABASE {Sql.Name(name)} WITH ALLOW_CONNECTIONS false", ct);
        await session.ReadAsync(
            server.Place,
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'",
            row => row.GetBoolean(0),
            ct,
            name
        );
    }

    /// <summary>Lets sessions in again.</summary>
    public async Task OpenAsync(string name, CancellationToken ct)
    {
        await using var session = await server.OpenMaintenanceAsync(ct);
        if (await ExistsAsync(session, name, ct))
            await session.RunAsync(server.Place, $"ALTER DATABASE {Sql.Name(name)} WITH ALLOW_CONNECTIONS true", ct);
    }

    /// <summary>Gives a database's name to another one, and its grants, settings and comment, in one transaction.</summary>
    /// <param name="name">The name; its database, when there is one, gets <paramref name="aside"/>.</param>
    /// <param name="fresh">The database that gets the name.</param>
    /// <param name="aside">Where the replaced one is kept.</param>
    /// <param name="mark">What the comment says from now on, besides what it said.</param>
    /// <param name="ct">Cancels before the commit only.</param>
    public async Task SwapAsync(string name, string fresh, string aside, string mark, CancellationToken ct)
    {
        await using var session = await server.OpenMaintenanceAsync(ct);
        var comment = await CommentAsync(session, name, ct);
        var properties = await PropertiesAsync(session, name, ct);
        await using var transaction = await Sql.TypedAsync(
            server.Place,
            () => session.BeginTransactionAsync(ct).AsTask()
        );
        if (await ExistsAsync(session, name, ct))
            await session.RunAsync(server.Place, $"ALTER DATABASE {Sql.Name(name)} RENAME TO {Sql.Name(aside)}", ct);
        await session.RunAsync(server.Place, $"ALTER DATABASE {Sql.Name(fresh)} RENAME TO {Sql.Name(name)}", ct);
        foreach (var property in properties)
            await session.RunAsync(server.Place, property, ct);
        var kept = comment
            .Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith("[belay ", StringComparison.Ordinal));
        await session.RunAsync(
            server.Place,
            $"COMMENT ON DATABASE {Sql.Name(name)} IS {Sql.Text(string.Join('\n', kept.Append(mark)))}",
            ct
        );
        await transaction.CommitAsync(server.Place, CancellationToken.None);
    }

    // What an archive does not bring along unless it makes the database itself.
    private Task<List<string>> PropertiesAsync(NpgsqlConnection session, string name, CancellationToken ct) =>
        session.ReadAsync(
            server.Place,
            """
            SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname)
            FROM pg_database WHERE datname = $1 AND datacl IS NOT NULL
            UNION ALL
            SELECT format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, datname,
                CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_database, aclexplode(datacl) a WHERE datname = $1 AND a.grantee <> datdba
            UNION ALL
            SELECT format('ALTER DATABASE %I SET %I = %s', d.datname, split_part(s.setting, '=', 1),
                CASE WHEN split_part(s.setting, '=', 1) IN ('search_path', 'temp_tablespaces', 'session_preload_libraries')
                    THEN substr(s.setting, strpos(s.setting, '=') + 1)
                    ELSE quote_literal(substr(s.setting, strpos(s.setting, '=') + 1)) END)
            FROM pg_database d JOIN pg_db_role_setting r ON r.setdatabase = d.oid AND r.setrole = 0, unnest(r.setconfig) s (setting)
            WHERE d.datname = $1
            """,
            row => row.GetString(0),
            ct,
            name
        );

    private Task<bool> ExistsAsync(NpgsqlConnection session, string name, CancellationToken ct) =>
        session.ValueAsync<bool>(server.Place, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", ct, name);

    private async Task<string> CommentAsync(NpgsqlConnection session, string name, CancellationToken ct) =>
        await session.ValueAsync<string>(
            server.Place,
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1",
            ct,
            name
        ) ?? "";
}
