using System.Globalization;
using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>One of the two databases between which a move goes: a session on it, and what it says of itself.</summary>
internal sealed class Side : IAsyncDisposable
{
    // pg_stat_activity calls the sessions of users so; walsenders and workers have other names.
    private const string Clients =
        "a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()";

    private readonly Server server;
    private readonly NpgsqlConnection session;

    private Side(string name, Server server, NpgsqlConnection session) =>
        (Name, this.server, this.session) = (name, server, session);

    /// <summary>The connection's name.</summary>
    public string Name { get; }

    /// <summary>Where it is, for people.</summary>
    public string Place => server.Place;

    /// <summary>The connection's settings.</summary>
    public PostgreSqlSettings Settings => server.Settings;

    /// <summary>The server's version: 10000 x major + minor.</summary>
    public int Version { get; private set; }

    /// <summary>The cluster and the database in it: what tells this side from the other one in <see cref="SwitchLog"/>.</summary>
    public string Identity { get; private set; } = "";

    /// <summary>The cluster's own identifier.</summary>
    public string Cluster => Identity[..Identity.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The database's number in its cluster.</summary>
    public long Oid { get; private set; }

    /// <summary>Opens a session that finds nothing by a search path.</summary>
    public static async Task<Side> OpenAsync(string name, IScope scope, CancellationToken ct)
    {
        var place = new Server(scope.Connection<PostgreSqlSettings>(name), name);
        var side = new Side(name, place, await place.OpenForWorkAsync(ct));
        try
        {
            await side.PrepareAsync(ct);
            return side;
        }
        catch
        {
            await side.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another session on the same database.</summary>
    public async Task<Side> OpenAnotherAsync(CancellationToken ct)
    {
        var other = new Side(Name, server, await server.OpenForWorkAsync(ct))
        {
            Version = Version,
            Identity = Identity,
            Oid = Oid,
        };
        await other.RunAsync("SET search_path = pg_catalog", ct);
        return other;
    }

    /// <summary>Runs one statement.</summary>
    public Task RunAsync(string sql, CancellationToken ct) => session.RunAsync(Place, sql, ct);

    /// <summary>Runs statements in one transaction: all of them, or none.</summary>
    public async Task RunTogetherAsync(IEnumerable<string> statements, CancellationToken ct)
    {
        await using var transaction = await Sql.TypedAsync(Place, () => session.BeginTransactionAsync(ct).AsTask());
        foreach (var statement in statements)
            await RunAsync(statement, ct);
        await transaction.CommitAsync(Place, ct);
    }

    /// <summary>Reads all rows.</summary>
    public Task<List<T>> ReadAsync<T>(
        string sql,
        Func<NpgsqlDataReader, T> row,
        CancellationToken ct,
        params object[] parameters
    ) => session.ReadAsync(Place, sql, row, ct, parameters);

    /// <summary>Reads one value.</summary>
    public Task<T?> ValueAsync<T>(string sql, CancellationToken ct, params object[] parameters) =>
        session.ValueAsync<T>(Place, sql, ct, parameters);

    /// <summary>Whether a query finds anything.</summary>
    public Task<bool> AnyAsync(string query, CancellationToken ct, params object[] parameters) =>
        ValueAsync<bool>($"SELECT EXISTS ({query})", ct, parameters);

    /// <summary>How many sessions the database admits (<c>datconnlimit</c>): -1 any number, 0 none but those of superusers.</summary>
    public Task<int> AdmitsAsync(CancellationToken ct) =>
        ValueAsync<int>("SELECT datconnlimit FROM pg_database WHERE datname = current_database()", ct);

    /// <summary>Sets how many sessions the database admits. Superusers, and with them Belay and the replication, are always admitted.</summary>
    public Task AdmitAsync(int sessions, CancellationToken ct) => RunAsync(Admitting(sessions), ct);

    /// <summary>The statement of <see cref="AdmitAsync"/>; it may stand in a transaction.</summary>
    public string Admitting(int sessions) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"ALTER DATABASE {Sql.Name(Settings.Database)} CONNECTION LIMIT {sessions}"
        );

    /// <summary>Ends the sessions of all who are no superusers.</summary>
    /// <returns>How many there still were.</returns>
    public async Task<int> EndSessionsAsync(CancellationToken ct) =>
        (
            await ReadAsync(
                $"SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid WHERE {Clients} AND NOT r.rolsuper",
                row => row.GetBoolean(0),
                ct
            )
        ).Count;

    /// <summary>Sessions of superusers that are not Belay's: they cannot be kept out.</summary>
    public Task<List<string>> SuperusersAsync(CancellationToken ct) =>
        ReadAsync(
            $"SELECT format('%s (%s)', r.rolname, coalesce(nullif(a.application_name, ''), a.pid::text)) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid WHERE {Clients} AND r.rolsuper AND a.application_name NOT LIKE {Sql.Text(Server.ApplicationName + "%")} ORDER BY 1",
            row => row.GetString(0),
            ct
        );

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();

    private async Task PrepareAsync(CancellationToken ct)
    {
        await RunAsync("SET search_path = pg_catalog", ct);
        var read = await ReadAsync(
            "SELECT current_setting('server_version_num')::int, system_identifier::text, d.oid::bigint FROM pg_control_system(), pg_database d WHERE d.datname = current_database()",
            row => (Version: row.GetInt32(0), System: row.GetString(1), Oid: row.GetInt64(2)),
            ct
        );
        (Version, Oid) = (read[0].Version, read[0].Oid);
        Identity = $"{read[0].System}/{Settings.Database}";
    }
}
