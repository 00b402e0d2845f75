using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class MigrateTests(SharedPostgres postgres)
{
    private const string Expand = "042_expand.sql";
    private const string ExpandSql = "ALTER TABLE orders ADD COLUMN total_cents bigint;\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_are_applied_in_order_and_told_one_by_one()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With("043_more.sql", "UPDATE orders SET total_cents = amount * 100").With(Expand, ExpandSql);

        var told = await shop.Migrate(43).ApplyAsync();

        Assert.Equal(43, await shop.VersionAsync());
        Assert.Equal([Expand, "043_more.sql", null], told.Select(p => p.Message));
        Assert.Equal(0L, await shop.AskAsync<long>("SELECT count(*) FROM orders WHERE total_cents IS NULL"));
    }

    [Fact]
    public async Task A_failing_file_leaves_nothing_and_is_named_with_its_line_and_the_servers_words()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(Expand, ExpandSql).With("043_bad.sql", "CREATE TABLE extra (n int);\n\nSELECT nothing\nFROM orders;");

        var failure = await shop.Migrate(43).FailAsync();

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(
            "043_bad.sql, line 3: column \"nothing\" does not exist",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(42, await shop.VersionAsync());
        Assert.False(await shop.AskAsync<bool>("SELECT to_regclass('extra') IS NOT NULL"));
    }

    [Fact]
    public async Task An_applied_file_that_was_changed_is_refused_by_name()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(Expand, ExpandSql);
        await shop.Migrate(42).ApplyAsync();

        shop.With(Expand, ExpandSql + "-- changed").With("043_more.sql", "SELECT 1");

        var failure = await shop.Migrate(43).FailAsync();
        Assert.StartsWith($"{Expand} was changed after it was applied", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gap_a_duplicate_a_late_file_and_a_file_without_a_number_are_refused()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With("044_more.sql", "SELECT 1").With(Expand, ExpandSql);
        Assert.Contains("migration 043", (await shop.Migrate(44).FailAsync()).Message, StringComparison.Ordinal);

        shop.With("44_again.sql", "SELECT 1");
        Assert.Contains("the same number", (await shop.Migrate(42).FailAsync()).Message, StringComparison.Ordinal);

        File.Delete(shop.Folder["plan/migrations/44_again.sql"]);
        await shop.ExecuteAsync("INSERT INTO belay_migrations VALUES (43, 'other', NULL, now())");
        Assert.Contains(
            $"{Expand} is not applied",
            (await shop.Migrate(44).FailAsync()).Message,
            StringComparison.Ordinal
        );

        shop.With("notes.sql", "SELECT 1");
        Assert.Contains(
            "notes.sql has no number",
            (await shop.Migrate(44).FailAsync()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_file_that_ends_its_own_transaction_is_refused_before_anything_runs()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(Expand, ExpandSql + "COMMIT;\nDROP TABLE orders;");

        var failure = await shop.Migrate(42).FailAsync();

        Assert.StartsWith($"{Expand}, line 2: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(41, await shop.VersionAsync());
    }

    [Fact]
    public async Task Without_a_ledger_it_is_refused_and_with_a_baseline_it_is_made_and_taken_back()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(Expand, ExpandSql).With("042_expand.down.sql", "ALTER TABLE orders DROP COLUMN total_cents");
        await shop.ExecuteAsync("DROP TABLE belay_migrations");

        Assert.Contains("baseline", (await shop.Migrate(42).FailAsync()).Message, StringComparison.Ordinal);

        var change = shop.Migrate(42, """, "baseline": 41, "way-back": "down-files" """);
        var before = await change.ObserveAsync(Ct);
        await change.ApplyAsync();
        Assert.Equal(42, await shop.VersionAsync());
        Assert.True(change.Plan(await change.ObserveAsync(Ct)).IsEmpty);

        await change.UndoAsync(before);
        Assert.False(await shop.AskAsync<bool>("SELECT to_regclass('belay_migrations') IS NOT NULL"));
        Assert.True(change.Same(before, await change.ObserveAsync(Ct)));
    }

    [Fact]
    public async Task A_missing_way_back_is_refused_before_anything_runs()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(Expand, ExpandSql);

        var failure = await shop.Migrate(42, """, "way-back": "down-files" """).FailAsync();

        Assert.Contains("042_expand.down.sql is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_way_back_that_was_changed_since_is_not_run()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(Expand, ExpandSql).With("042_expand.down.sql", "ALTER TABLE orders DROP COLUMN total_cents");
        var change = shop.Migrate(42, """, "way-back": "down-files" """);
        var before = await change.ObserveAsync(Ct);
        await change.ApplyAsync();

        shop.With("042_expand.down.sql", "DROP TABLE orders");

        var failure = await Assert.ThrowsAsync<OperationException>(() => change.UndoAsync(before));
        Assert.Contains("042_expand.down.sql was changed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_reader_makes_it_give_up_and_others_wait_no_longer_than_the_limit()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(Expand, ExpandSql);
        await using var reader = await shop.OpenSessionAsync();
        await using var reading = await reader.BeginTransactionAsync(Ct);
        await using (var read = new NpgsqlCommand("SELECT count(*) FROM orders", reader, reading))
            await read.ExecuteScalarAsync(Ct);

        var migration = shop.Migrate(42).FailAsync();
        // The writer comes while the migration waits for its lock.
        await Course.UntilAsync(async () =>
            await shop.AskAsync<bool>(
                $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '{shop.Database}' AND application_name = 'belay' AND wait_event_type = 'Lock')"
            )
        );
        var begun = TimeProvider.System.GetTimestamp();
        await shop.ExecuteAsync("INSERT INTO orders VALUES ('queued', 'customer-1', 1)");
        var waited = TimeProvider.System.GetElapsedTime(begun);

        Assert.Equal(FailureKind.Transient, (await migration).Kind);
        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        Assert.Equal(41, await shop.VersionAsync());

        await reading.RollbackAsync(Ct);
        await shop.Migrate(42).ApplyAsync();
        Assert.Equal(42, await shop.VersionAsync());
    }

    [Fact]
    public async Task Of_two_migrators_at_once_each_file_is_applied_by_one()
    {
        using var shop = await Shop.OpenAsync(postgres);
        await shop.ExecuteAsync("CREATE TABLE effects (file int)");
        for (var version = 42; version < 50; version++)
            shop.With($"0{version}_effect.sql", $"INSERT INTO effects VALUES ({version}); SELECT pg_sleep(0.01)");

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.Migrate(49, lockLimit: "10s").ApplyAsync()));

        Assert.Equal(8L, await shop.AskAsync<long>("SELECT count(*) FROM effects"));
        Assert.Equal(49, await shop.VersionAsync());
    }

    [Fact]
    public async Task A_statement_that_runs_too_long_is_ended_and_leaves_nothing()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(Expand, ExpandSql + "SELECT pg_sleep(60);");

        var failure = await shop.Migrate(42, """, "statement-limit": "400ms" """).FailAsync();

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains($"{Expand}, line 2", failure.Message, StringComparison.Ordinal);
        Assert.Equal(41, await shop.VersionAsync());
    }

    [Fact]
    public async Task An_index_is_built_concurrently_and_an_interrupted_build_is_cleared_away_first()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(
            "042_index.sql",
            "-- belay: no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS by_amount ON orders (customer);"
        );
        var failure = await shop.Migrate(42).FailAsync();
        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Equal(0L, await shop.AskAsync<long>("SELECT count(*) FROM pg_index WHERE NOT indisvalid"));

        await Assert.ThrowsAsync<PostgresException>(() =>
            shop.ExecuteAsync("CREATE UNIQUE INDEX CONCURRENTLY by_amount ON orders (customer)")
        );
        Assert.Equal(1L, await shop.AskAsync<long>("SELECT count(*) FROM pg_index WHERE NOT indisvalid"));
        await shop.ExecuteAsync(
            "DELETE FROM orders WHERE number NOT IN (SELECT min(number) FROM orders GROUP BY customer)"
        );
        await shop.Migrate(42).ApplyAsync();

        Assert.True(
            await shop.AskAsync<bool>("SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_amount'::regclass")
        );
        Assert.Equal(42, await shop.VersionAsync());
    }

    [Fact]
    public async Task Without_a_transaction_only_a_statement_that_may_be_repeated_is_accepted()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(Expand, "-- belay: no-transaction\nUPDATE orders SET amount = amount + 1");

        Assert.Contains("a crash can repeat", (await shop.Migrate(42).FailAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_ended_in_the_middle_leaves_nothing_and_may_be_tried_again()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.With(Expand, ExpandSql + "SELECT pg_sleep(30);");

        var migration = shop.Migrate(42).FailAsync();
        await Course.UntilAsync(async () =>
            await shop.AskAsync<long>(
                $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{shop.Database}' AND query LIKE 'SELECT pg_sleep%'"
            ) > 0
        );

        Assert.Equal(FailureKind.Transient, (await migration).Kind);
        Assert.Equal(41, await shop.VersionAsync());
    }
}
