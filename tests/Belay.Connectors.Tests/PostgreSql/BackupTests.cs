using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;
using Npgsql;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class BackupTests(SharedPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("truncate -s -200 \"$file\"")]
    [InlineData(
        "printf 'XXXXXXXX' | dd of=\"$file\" bs=1 seek=$(($(stat -c %s \"$file\") / 2)) conv=notrunc 2>/dev/null"
    )]
    public async Task An_archive_that_is_damaged_after_the_dump_fails_the_proof(string damage)
    {
        using var shop = await Shop.OpenAsync(postgres, orders: 3000);
        WrapDump(shop, "", damage);

        var failure = await Backup(shop).FailAsync();

        Assert.Equal(FailureKind.Refused, failure.Kind);
        await AssertNothingLeftAsync(shop);
    }

    [Fact]
    public async Task An_archive_that_lacks_rows_fails_the_proof_with_the_tables_name()
    {
        using var shop = await Shop.OpenAsync(postgres);
        WrapDump(shop, "--exclude-table-data=orders", "true");

        var failure = await Backup(shop).FailAsync();

        Assert.Contains("table public.orders: 200 rows", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the copy has 0 rows", failure.Message, StringComparison.Ordinal);
        await AssertNothingLeftAsync(shop);
    }

    [Fact]
    public async Task A_sequence_that_was_never_used_is_saved_and_proven()
    {
        using var shop = await Shop.OpenAsync(postgres);
        await shop.ExecuteAsync("CREATE SEQUENCE never_used");
        var backup = Backup(shop);
        await backup.ApplyAsync();

        var after = await backup.ObserveAsync(Ct);

        Assert.True(after.GetProperty("archive").GetProperty("proven").GetBoolean());
    }

    [Theory]
    [InlineData("custom")]
    [InlineData("directory")]
    public async Task Under_writers_it_holds_exactly_one_moment_and_restores_to_it(string format)
    {
        using var shop = await Shop.OpenAsync(postgres);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var writing = WriteAsync(shop, stop.Token);
        var backup = Backup(shop, $$""", "format": "{{format}}" """);
        await backup.ApplyAsync();
        var after = await backup.ObserveAsync(Ct);
        await stop.CancelAsync();
        var written = await writing;

        var archive = after.GetProperty("archive");
        Assert.True(archive.GetProperty("proven").GetBoolean());
        var saved = archive.GetProperty("largest")[0].GetProperty("rows").GetInt64();
        var compared = StoreComparison
            .In(after)!
            .Parts.Single(part => part.Name.EndsWith("orders", StringComparison.Ordinal));
        Assert.Equal((saved, saved, 0), (compared.InFrom, compared.InTo, compared.Differing));
        var loss = await backup.Backup!.CountLossAsync(after, Ct);
        Assert.Equal(200 + written - saved, loss.Count);

        await DrainAsync(backup.Backup.RestoreAsync(after, Ct));

        Assert.Equal(saved, await shop.AskAsync<long>("SELECT count(*) FROM orders"));
        Assert.IsType<Verdict.Holds>(await backup.Backup.VerifyRestoredAsync(after, Ct));
    }

    [Fact]
    public async Task The_loss_leaves_out_what_a_migration_wrote()
    {
        using var shop = await Shop.OpenAsync(postgres);
        var backup = Backup(shop);
        await backup.ApplyAsync();
        var after = await backup.ObserveAsync(Ct);
        shop.With(
            "042_expand.sql",
            "ALTER TABLE orders ADD COLUMN cents bigint; UPDATE orders SET cents = amount * 100"
        );
        await shop.Migrate(42).ApplyAsync();
        Assert.Equal(0, (await backup.Backup!.CountLossAsync(after, Ct)).Count);

        await shop.ExecuteAsync("INSERT INTO orders VALUES ('new', 'customer-1', 1)");
        await shop.ExecuteAsync("DELETE FROM orders WHERE number = 'seed-1'");
        await shop.ExecuteAsync("UPDATE orders SET amount = 7 WHERE number = 'seed-2'");

        Assert.Equal(1 + 1 + 2, (await backup.Backup.CountLossAsync(after, Ct)).Count);
    }

    [Fact]
    public async Task In_a_database_that_somebody_closed_nothing_is_counted_and_once_it_is_restored_nothing_is_lost()
    {
        using var shop = await Shop.OpenAsync(postgres);
        var backup = Backup(shop);
        await backup.ApplyAsync();
        var after = await backup.ObserveAsync(Ct);
        await shop.ExecuteAsync("INSERT INTO orders VALUES ('new', 'customer-1', 1)");
        await postgres.Server.ExecuteAsync($"ALTER DATABASE {shop.Database} ALLOW_CONNECTIONS false", ct: Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
            await backup.Backup!.CountLossAsync(after, Ct)
        );
        await postgres.Server.ExecuteAsync($"ALTER DATABASE {shop.Database} ALLOW_CONNECTIONS true", ct: Ct);
        var open = await backup.Backup!.CountLossAsync(after, Ct);
        await DrainAsync(backup.Backup.RestoreAsync(after, Ct));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("ALLOW_CONNECTIONS true, then repeat", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, open.Count);
        Assert.Equal(0, (await backup.Backup.CountLossAsync(after, Ct)).Count);
    }

    [Fact]
    public async Task A_restore_keeps_the_replaced_database_and_the_grants_settings_and_comment()
    {
        using var shop = await Shop.OpenAsync(postgres);
        await shop.ExecuteAsync(
            $"REVOKE CONNECT ON DATABASE {shop.Database} FROM PUBLIC; ALTER DATABASE {shop.Database} SET statement_timeout = '77s'; COMMENT ON DATABASE {shop.Database} IS 'the shop'"
        );
        var backup = Backup(shop);
        await backup.ApplyAsync();
        var after = await backup.ObserveAsync(Ct);
        await shop.ExecuteAsync("CREATE TABLE later (n int)");

        await DrainAsync(backup.Backup!.RestoreAsync(after, Ct));

        Assert.False(await shop.AskAsync<bool>("SELECT to_regclass('later') IS NOT NULL"));
        Assert.Equal("77s", await shop.AskAsync<string>("SHOW statement_timeout"));
        Assert.StartsWith(
            "the shop\n",
            await shop.AskAsync<string>(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
            ),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "=c",
            await shop.AskAsync<string>(
                "SELECT replace(datacl::text, 'shop=', '') FROM pg_database WHERE datname = current_database()"
            ),
            StringComparison.Ordinal
        );
        Assert.Equal(
            1L,
            await shop.AskAsync<long>(
                $"SELECT count(*) FROM pg_database WHERE datname LIKE '{shop.Database}\\_belay\\_replaced%' AND NOT datallowconn"
            )
        );
    }

    [Fact]
    public async Task A_restore_that_fails_leaves_the_old_database_in_service()
    {
        using var shop = await Shop.OpenAsync(postgres);
        var backup = Backup(shop);
        await backup.ApplyAsync();
        var after = await backup.ObserveAsync(Ct);
        shop.Folder.Write("tools/pg_restore", "#!/bin/sh\necho 'pg_restore: error: no' >&2\nexit 1\n");
        MakeRunnable(shop.Folder["tools/pg_restore"]);
        shop.Settings = shop.Settings with { Tools = shop.Folder["tools"] };

        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            DrainAsync(Backup(shop).Backup!.RestoreAsync(after, Ct))
        );

        Assert.Contains("pg_restore: error: no", failure.Message, StringComparison.Ordinal);
        await shop.ExecuteAsync("INSERT INTO orders VALUES ('still open', 'customer-1', 1)");
        Assert.Equal(1L, await DatabasesAsync(shop));
    }

    [Fact]
    public async Task An_archive_that_was_changed_after_the_proof_is_not_restored_and_does_not_count()
    {
        using var shop = await Shop.OpenAsync(postgres);
        var backup = Backup(shop);
        await backup.ApplyAsync();
        var after = await backup.ObserveAsync(Ct);
        await File.AppendAllTextAsync(shop.Folder["plan/shop.dump"], "x", Ct);

        Assert.False(backup.Plan(await backup.ObserveAsync(Ct)).IsEmpty);
        await Assert.ThrowsAsync<OperationException>(() => DrainAsync(backup.Backup!.RestoreAsync(after, Ct)));
    }

    [Fact]
    public async Task Yesterdays_archive_does_not_count_and_is_not_overwritten()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.Folder.Write("plan/shop.dump", "yesterday's");

        var failure = await Assert.ThrowsAsync<OperationException>(async () => await Backup(shop).ObserveAsync(Ct));

        Assert.Contains("this step did not make it", failure.Message, StringComparison.Ordinal);
        Assert.Equal("yesterday's", await File.ReadAllTextAsync(shop.Folder["plan/shop.dump"], Ct));
    }

    private static BoundChange Backup(Shop shop, string more = "") =>
        shop.Change("postgresql.backup", $$"""{ "connection": "db", "to": "shop.dump"{{more}} }""");

    private static async Task<int> WriteAsync(Shop shop, CancellationToken stop)
    {
        await using var session = await shop.OpenSessionAsync();
        for (var written = 0; ; written++)
        {
            if (stop.IsCancellationRequested)
                return written;
            await using var insert = new NpgsqlCommand(
                $"INSERT INTO orders VALUES ('live-{written}', 'customer-1', nextval('invoice_numbers'))",
                session
            );
            await insert.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static void WrapDump(Shop shop, string arguments, string afterwards)
    {
        var real = PartsFolder.Find("pg_dump");
        shop.Folder.Write(
            "tools/pg_dump",
            $"#!/bin/sh\n\"{real}\" \"$@\" {arguments} || exit 1\nfor a in \"$@\"; do case $a in --file=*) file=${{a#--file=}} ;; esac; done\n{afterwards}\n"
        );
        MakeRunnable(shop.Folder["tools/pg_dump"]);
        File.CreateSymbolicLink(shop.Folder["tools/pg_restore"], PartsFolder.Find("pg_restore"));
        shop.Settings = shop.Settings with { Tools = shop.Folder["tools"] };
    }

    private static void MakeRunnable(string file) =>
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static async Task AssertNothingLeftAsync(Shop shop)
    {
        Assert.Equal(1L, await DatabasesAsync(shop));
        Assert.False(File.Exists(shop.Folder["plan/shop.dump"]));
    }

    private static Task<long> DatabasesAsync(Shop shop) =>
        shop.AskAsync<long>(
            $"SELECT count(*) FROM pg_database WHERE datname = '{shop.Database}' OR datname LIKE '{shop.Database}\\_belay%'"
        );

    private static async Task DrainAsync(IAsyncEnumerable<Progress> work)
    {
        await foreach (var _ in work) { }
    }
}
