using Belay.Parts;

namespace Kills;

/// <summary>A rollback through a backup, killed while it restores.</summary>
public sealed class RestoreKillTests(RestoreKillTests.Server server) : IClassFixture<RestoreKillTests.Server>
{
    private const int RolledBack = 6;
    private const int Attempts = 3;
    private const string Closed = "not datallowconn from pg_database where datname = '{name}'";
    private const string Filling =
        "exists (select from pg_stat_activity where datname like '{name}\\_belay\\_fresh%' and backend_type = 'client backend' and query ilike 'copy%')";
    private const string Swapped = "exists (select from pg_database where datname like '{name}\\_belay\\_replaced%')";

    [Theory]
    [InlineData("closed", Closed, "resume")]
    [InlineData("filling", Filling, "rollback --accept-loss migrate")]
    [InlineData("swapped", Swapped, "resume")]
    public async Task A_restore_that_is_killed_is_finished_by_the_next_belay(string name, string moment, string goesOn)
    {
        var ct = TestContext.Current.CancellationToken;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            await using var run = await RestoreRun.HaltedAsync(server.Postgres, $"{name}{attempt}", ct);
            string[] words = [.. goesOn.Split(' '), run.Name, "--by", "test"];
            // Killed twice: the second time at its very begin when it still is so. A machine under load may see the moment too late.
            if (
                !await run.KillAsync(moment, ct, "rollback", "--accept-loss", "migrate", run.Name, "--by", "test")
                || !await run.KillAsync(moment, ct, words)
            )
                continue;
            await FinishAsync(run, words, ct);
            return;
        }
        Assert.Fail($"no rollback could be killed {name}");
    }

    private static async Task FinishAsync(RestoreRun run, string[] words, CancellationToken ct)
    {
        var ended = await run.CallAsync(ct, words);

        Assert.True(ended.ExitCode == RolledBack, ended.Said);
        await run.AssertRestoredAsync(ct);
        Assert.Equal(3, run.Restores.First().Loss.Count);
        // Once it is restored nothing more is lost by doing so again.
        Assert.All(run.Restores, restore => Assert.Contains(restore.Loss.Count, (long?[])[3, 0]));
    }

    /// <summary>The server of all these runs.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private PostgresServer? postgres;

        /// <summary>It, once it has started.</summary>
        public PostgresServer Postgres => postgres!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync() => postgres = await PostgresServer.StartAsync();

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => Postgres.DisposeAsync();
    }
}
