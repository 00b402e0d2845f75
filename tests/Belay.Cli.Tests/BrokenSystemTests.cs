using Belay.Parts;

namespace Belay.Cli.Tests;

/// <summary>A live system that is not as it should be: the run halts in a state that the status states exactly, and goes on once it is mended.</summary>
public sealed class BrokenSystemTests : IDisposable
{
    private const string Header = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        steps:
          - id: first
            do: files.write
            with: { path: first.txt, content: "${to}", show: true }

        """;

    /// <summary>The first time it takes for ever, once the table <c>slow</c> is gone no time.</summary>
    private const string Migration =
        "select pg_sleep(count(*) * 600) from pg_tables where tablename = 'slow';\ncreate table orders (id int);\n";

    private readonly Desk desk = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Without_the_balancers_socket_the_run_halts_and_names_it()
    {
        desk.Write(
            "upgrade.yaml",
            Header
                + """
                  - id: weight
                    do: haproxy.weight
                    with: { connection: edge, backend: shop, server: web1, weight: 0 }
                    limit: 2s
                """
        );
        desk.Write("environments/default.yaml", "connections: { edge: { kind: haproxy, sockets: [no/admin.sock] } }\n");

        await HaltsAsync("upgrade.yaml", at: "'weight' (haproxy.weight shop/web1)", why: "no/admin.sock");
        Assert.Equal(6, (await desk.BelayAsync("rollback")).ExitCode);
        Assert.False(desk.Has("first.txt"));
    }

    [Fact]
    public async Task With_a_wrong_password_the_run_halts_says_so_without_it_and_goes_on_with_the_right_one()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresOptions { Password = "right-horse" }, Ct);
        DescribeMigration(server);
        desk.Write("password", "wrong-battery");

        var said = await HaltsAsync("upgrade.yaml", at: "'migrate' (postgresql.migrate db)", why: "password");
        Assert.DoesNotContain("wrong-battery", said, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-battery", desk.Read(".belay/runs/one/journal.jsonl"), StringComparison.Ordinal);

        desk.Write("password", server.Password!);
        var resumed = await desk.BelayAsync("resume");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
    }

    [Fact]
    public async Task A_database_that_goes_away_in_the_middle_of_a_step_halts_the_run_and_the_step_is_done_once_it_is_back()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresOptions { Password = "right-horse" }, Ct);
        await server.ExecuteAsync("create table slow ()", ct: Ct);
        DescribeMigration(server);
        desk.Write("password", server.Password!);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one");
        Assert.True(
            await Poll.UntilAsync(
                async () =>
                    (long)
                        (
                            await server.ExecuteAsync(
                                "select count(*) from pg_stat_activity where wait_event = 'PgSleep'",
                                ct: Ct
                            )
                        )! == 1,
                TimeSpan.FromSeconds(60),
                Ct
            )
        );

        await server.KillAsync();

        var halted = await Desk.EndOfAsync(run);
        Assert.True(halted.ExitCode == 4, halted.ToString());
        await StatesExactlyAsync(at: "'migrate' (postgresql.migrate db)", why: "the server cannot be reached");
        Assert.False(desk.Has("second.txt"));

        await server.StartAgainAsync(Ct);
        await server.ExecuteAsync("drop table slow", ct: Ct);
        var resumed = await desk.BelayAsync("resume");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal(1L, await server.ExecuteAsync("select count(*) from belay_migrations where version = 2", ct: Ct));
        Assert.True(desk.Has("second.txt"));
    }

    private void DescribeMigration(PostgresServer server)
    {
        desk.Write("migrations/001_baseline.sql", "select 1;\n");
        desk.Write("migrations/002_orders.sql", Migration);
        desk.Write("migrations/002_orders.down.sql", "drop table orders;\n");
        desk.Write(
            "upgrade.yaml",
            Header
                + """
                  - id: migrate
                    do: postgresql.migrate
                    with: { connection: db, directory: migrations, to: 2, baseline: 1, way-back: down-files }
                    limit: 3s
                  - id: second
                    do: files.write
                    with: { path: second.txt, content: "${to}" }
                """
        );
        desk.Write(
            "environments/default.yaml",
            $$"""
            connections:
              db:
                kind: postgresql
                host: 127.0.0.1
                port: {{server.Port}}
                database: postgres
                user: {{PostgresServer.User}}
                password: ${secret:db}
                tools: {{Path.Combine(PartsFolder.Location, "bin")}}
            secrets:
              db: { file: {{desk.PathOf("password")}} }
            """
        );
    }

    private async Task<string> HaltsAsync(string plan, string at, string why)
    {
        var ended = await desk.BelayAsync("run", plan, "--run", "one");
        Assert.True(ended.ExitCode == 4, ended.ToString());
        return ended.Output + await StatesExactlyAsync(at, why);
    }

    private async Task<string> StatesExactlyAsync(string at, string why)
    {
        var status = await desk.BelayAsync("status");
        Assert.True(status.ExitCode == 4, status.ToString());
        foreach (
            var said in (string[])
                [at, why, "first", "belay resume one", "belay rollback one", "belay abandon one --reason"]
        )
            Assert.True(status.Output.Contains(said, StringComparison.Ordinal), $"{said}: {status}");
        return status.Output;
    }
}
