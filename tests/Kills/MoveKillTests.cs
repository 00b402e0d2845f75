using Belay.Parts;

namespace Kills;

/// <summary>The plan of <c>examples/postgresql-major</c>, run with the real program while customers order: there, back, and killed in the middle.</summary>
public sealed class MoveKillTests(MoveKillTests.Servers servers) : IClassFixture<MoveKillTests.Servers>
{
    private const int Waiting = 5;
    private const int RolledBack = 6;
    private const int Attempts = 3;
    private const string Copying =
        "exists (select from pg_stat_activity where datname = '{name}' and application_name like 'pg\\_%\\_sync\\_%')";
    private const string Frozen = "datconnlimit = 0 from pg_database where datname = '{name}'";

    [Fact]
    public async Task There_and_back_nothing_is_lost_and_nothing_fails()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var run = await MoveRun.PrepareAsync(servers, "there", ct);

        var there = await run.CallAsync(ct, "run", "upgrade.yaml", "--no-wait", "--run", run.Name, "--by", "test");
        Assert.True(there.ExitCode == Waiting, there.Said);
        await run.OrderSomeAsync(ct);
        Assert.True(await run.AdmitsAsync(servers.New, ct));
        Assert.False(await run.AdmitsAsync(servers.Old, ct));
        var back = await run.CallAsync(ct, "rollback", run.Name, "--by", "test");
        Assert.True(back.ExitCode == RolledBack, back.Said);
        await run.OrderSomeAsync(ct);

        await run.AssertHeldByAsync(servers.Old, ct);
        Assert.Empty(run.Failures);
        Assert.Equal(
            0L,
            await servers.New.ExecuteAsync(
                "select count(*) from pg_class where relnamespace = 'public'::regnamespace",
                run.Name,
                ct
            )
        );
    }

    [Theory]
    [InlineData("copy", Copying)]
    [InlineData("freeze", Frozen)]
    public async Task Killed_it_is_finished_by_the_next_belay(string name, string moment)
    {
        var ct = TestContext.Current.CancellationToken;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            await using var run = await MoveRun.PrepareAsync(servers, $"{name}{attempt}", ct);
            // A machine under load may see the moment too late.
            if (!await run.KillAsync(moment, ct, "run", "upgrade.yaml", "--no-wait", "--run", run.Name, "--by", "test"))
                continue;
            await run.OrderSomeAsync(ct);
            var resumed = await run.CallAsync(ct, "resume", run.Name, "--no-wait", "--by", "test");
            Assert.True(resumed.ExitCode == Waiting, resumed.Said);
            await run.OrderSomeAsync(ct);
            await run.AssertHeldByAsync(servers.New, ct);
            Assert.Empty(run.Failures);
            return;
        }
        Assert.Fail($"no run could be killed in the {name}");
    }

    /// <summary>The servers of all these runs.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private PostgresServer? old;
        private PostgresServer? fresh;

        /// <summary>PostgreSQL 13.</summary>
        public PostgresServer Old => old!;

        /// <summary>PostgreSQL 17.</summary>
        public PostgresServer New => fresh!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            old = await StartAsync(13);
            fresh = await StartAsync(17);
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            await New.DisposeAsync();
            await Old.DisposeAsync();
        }

        private static async Task<PostgresServer> StartAsync(int version)
        {
            var server = await PostgresServer.StartAsync(
                new PostgresOptions
                {
                    Version = version,
                    Settings =
                    [
                        "wal_level=logical",
                        "max_replication_slots=20",
                        "max_wal_senders=20",
                        "max_connections=60",
                    ],
                }
            );
            await server.ExecuteAsync($"create role {MoveRun.Role} login password '{MoveRun.Password}'");
            return server;
        }
    }
}
