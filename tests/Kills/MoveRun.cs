using System.Collections.Concurrent;
using System.Collections.Immutable;
using Belay.Parts;
using Npgsql;

namespace Kills;

/// <summary>A run of the example's plan on databases of its own, with a pooler in front of them and customers who order through it.</summary>
internal sealed class MoveRun : IAsyncDisposable
{
    public const string Role = "shop";
    public const string Password = "correct-horse";
    private const string PoolerPassword = "pooler";
    private const int Customers = 4;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("belay-kills-");
    private readonly MoveKillTests.Servers servers;
    private readonly PgBouncerServer pooler;
    private readonly BelayProcess belay;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<string> acknowledged = [];
    private readonly ConcurrentBag<string> failures = [];
    private Task[] customers = [];
    private NpgsqlConnection? look;

    private MoveRun(MoveKillTests.Servers servers, PgBouncerServer pooler, string name)
    {
        (this.servers, this.pooler, Name) = (servers, pooler, name);
        belay = new BelayProcess(folder.FullName);
    }

    /// <summary>The name of the run and of its databases.</summary>
    public string Name { get; }

    /// <summary>Orders that were not acknowledged.</summary>
    public IReadOnlyCollection<string> Failures => failures;

    public static async Task<MoveRun> PrepareAsync(MoveKillTests.Servers servers, string name, CancellationToken ct)
    {
        await servers.Old.ExecuteAsync($"create database {name} owner {Role}", ct: ct);
        await servers.New.ExecuteAsync($"create database {name} owner {Role} template template0", ct: ct);
        await servers.Old.ExecuteAsync(
            $"""
            set role {Role};
            create table orders (number bigint generated always as identity primary key, token text unique not null, note text);
            insert into orders (token, note) select 'seed-' || n, repeat('x', 200) from generate_series(1, 20000) n;
            """,
            name,
            ct
        );
        var started = await PgBouncerServer.StartAsync(
            new PgBouncerOptions
            {
                Database = $"shop = host=127.0.0.1 port={servers.Old.Port} dbname={name}",
                Users = ImmutableSortedDictionary
                    .Create<string, string>(StringComparer.Ordinal)
                    .Add(Role, Password)
                    .Add("belay", PoolerPassword),
                Administrator = "belay",
            },
            ct
        );
        var run = new MoveRun(servers, started, name);
        await run.WritePlanAsync(ct);
        run.look = new NpgsqlConnection(servers.Old.ConnectionString() + ";Pooling=false");
        await run.look.OpenAsync(ct);
        run.customers = [.. Enumerable.Range(0, Customers).Select(i => Task.Run(() => OrderAsync(run, i), ct))];
        await run.OrderSomeAsync(ct);
        return run;
    }

    /// <summary>Calls a verb to its end.</summary>
    public Task<Ended> CallAsync(CancellationToken ct, params string[] words) => belay.RunAsync(words, null, ct);

    /// <summary>Calls a verb, and kills it as soon as the old server answers yes; false when it had ended by then.</summary>
    public async Task<bool> KillAsync(string when, CancellationToken ct, params string[] words)
    {
        await using var asked = new NpgsqlCommand(
            $"select {when.Replace("{name}", Name, StringComparison.Ordinal)}",
            look
        );
        var ended = await belay.RunAsync(words, async () => await asked.ExecuteScalarAsync(ct) is true, ct);
        return ended.ExitCode is null;
    }

    /// <summary>Waits until some more orders were acknowledged.</summary>
    public async Task OrderSomeAsync(CancellationToken ct)
    {
        var goal = acknowledged.Count + 50;
        Assert.True(
            await Poll.UntilAsync(() => ValueTask.FromResult(acknowledged.Count >= goal), TimeSpan.FromSeconds(60), ct),
            $"the customers are stuck: {string.Join("; ", failures.Take(3))}"
        );
    }

    /// <summary>Whether a server lets the customers' role into the database.</summary>
    public async Task<bool> AdmitsAsync(PostgresServer server, CancellationToken ct) =>
        await server.ExecuteAsync($"select datconnlimit <> 0 from pg_database where datname = '{Name}'", ct: ct)
            is true;

    /// <summary>Every order that was acknowledged is held by a server, once.</summary>
    public async Task AssertHeldByAsync(PostgresServer server, CancellationToken ct)
    {
        await stop.CancelAsync();
        await Task.WhenAll(customers);
        await using var session = new NpgsqlConnection(server.ConnectionString(Name) + ";Pooling=false");
        await session.OpenAsync(ct);
        await using var count = new NpgsqlCommand(
            "select count(*) from unnest($1) a (token) where not exists (select from orders o where o.token = a.token)",
            session
        );
        count.Parameters.AddWithValue(acknowledged.ToArray());
        Assert.Equal(0L, await count.ExecuteScalarAsync(ct));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(customers);
        if (look is not null)
            await look.DisposeAsync();
        await pooler.DisposeAsync();
        stop.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task WritePlanAsync(CancellationToken ct)
    {
        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "move/upgrade.yaml"),
            Path.Combine(folder.FullName, "upgrade.yaml")
        );
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "pooler-password"), PoolerPassword, ct);
        Directory.CreateDirectory(Path.Combine(folder.FullName, "environments"));
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "environments/default.yaml"),
            $$"""
            connections:
              db-old: { kind: postgresql, host: 127.0.0.1, port: {{servers.Old.Port}}, database: {{Name}}, user: {{PostgresServer.User}}, tools: {{Path.Combine(
                PartsFolder.Location,
                "bin"
            )}} }
              db-new: { kind: postgresql, host: 127.0.0.1, port: {{servers.New.Port}}, database: {{Name}}, user: {{PostgresServer.User}}, tools: {{Path.Combine(
                PartsFolder.Location,
                "bin"
            )}} }
            secrets:
              POOLER_PASSWORD: { file: pooler-password }
            values:
              pooler_port: {{pooler.Port}}
              pooler_file: {{pooler.ConfigurationFile}}
              operator: dba
            """,
            ct
        );
    }

    private static async Task OrderAsync(MoveRun run, int customer)
    {
        NpgsqlConnection? session = null;
        for (var n = 0; !run.stop.IsCancellationRequested; n++)
        {
            var token = $"customer-{customer}-{n}";
            try
            {
                if (session is null)
                {
                    session = new NpgsqlConnection(run.pooler.ConnectionString(Role, "shop"));
                    await session.OpenAsync();
                }
                await using var order = new NpgsqlCommand("insert into orders (token) values ($1)", session);
                order.Parameters.AddWithValue(token);
                await order.ExecuteNonQueryAsync();
                run.acknowledged.Add(token);
            }
            catch (NpgsqlException e)
            {
                run.failures.Add($"{token}: {e.Message}");
                await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
                session = null;
            }
        }
        await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
