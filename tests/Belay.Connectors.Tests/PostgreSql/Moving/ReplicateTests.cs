using Belay.Domain.Contract;
using Belay.Parts;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

[Collection(MoveTests13To17.Name)]
public sealed class ReplicateTests(Pair13To17 pair)
{
    public const string Inputs = """{ "from": "old", "to": "new" }""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_that_are_written_meanwhile_and_afterwards_arrive_and_views_are_filled()
    {
        await using var fixture = await StartAsync();
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        var told = await change.ApplyAsync();
        await fixture.Shop.OldAsync(
            "INSERT INTO orders (token, cents) VALUES ('late', 12345); UPDATE orders SET cents = 7 WHERE token = 'seed-1'",
            Ct
        );

        await Course.UntilAsync(async () =>
            (long)
                (
                    await fixture.Shop.NewAsync(
                        "SELECT count(*) FROM orders WHERE token = 'late' OR (token = 'seed-1' AND cents = 7)",
                        Ct
                    )
                )! == 2
        );
        Assert.Equal(500L, await fixture.Shop.NewAsync("SELECT count(*) FROM lines WHERE text = 'line!'", Ct));
        Assert.Equal(401L, await fixture.Shop.NewAsync("SELECT count(*) FROM dear", Ct));
        Assert.Equal(100L, await fixture.Shop.NewAsync("SELECT count(*) FROM events", Ct));
        Assert.Contains(told, p => p.Message!.Contains("has caught up", StringComparison.Ordinal));
        Assert.Contains(told, p => p is { Unit: "bytes", Total: > 0 });
    }

    [Fact]
    public async Task A_copy_that_is_always_some_bytes_behind_because_much_is_written_is_done_all_the_same()
    {
        await using var fixture = new MoveFixture(
            await pair.OpenAsync(Ct),
            "postgresql.replicate",
            """{ "from": "old", "to": "new", "lag": 0 }"""
        );
        await using var writers = ShopWriters.Start(pair.OldEndpoint(fixture.Shop), 2);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await writers.WriteSomeAsync(Ct);

        await change.ApplyAsync();

        Assert.True(change.Plan(await change.ObserveAsync(Ct)).IsEmpty);
        await writers.StopAsync();
        Assert.Empty(writers.Failures);
    }

    [Fact]
    public async Task The_copy_admits_no_user_until_it_is_switched_to()
    {
        await using var fixture = await StartAsync();
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        await change.ApplyAsync();

        Assert.Equal(
            0,
            await fixture.Shop.NewAsync("SELECT datconnlimit FROM pg_database WHERE datname = current_database()", Ct)
        );
    }

    [Fact]
    public async Task A_table_without_replica_identity_is_refused_before_anything_is_touched()
    {
        await using var fixture = await StartAsync();
        await fixture.Shop.OldAsync("CREATE TABLE faceless (n int)", Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var live = await fixture.SnapshotAsync(Ct);

        var failure = await change.FailAsync();

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("public.faceless: it has no replica identity", failure.Message, StringComparison.Ordinal);
        Assert.Equal(live, await fixture.SnapshotAsync(Ct));
        // The application's own updates would have failed otherwise.
        await fixture.Shop.OldAsync("INSERT INTO faceless VALUES (1); UPDATE faceless SET n = 2", Ct);
    }

    [Fact]
    public async Task What_the_target_held_before_is_never_removed()
    {
        await using var fixture = await StartAsync();
        await fixture.Shop.NewAsync("CREATE TABLE mine (n int PRIMARY KEY)", Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);

        var failure = await change.FailAsync();
        var undone = await Assert.ThrowsAsync<OperationException>(() => change.UndoAsync(before));

        Assert.Contains("not empty (public.mine)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("left as it is", undone.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await fixture.Shop.NewAsync("SELECT count(*) FROM mine", Ct));
    }

    [Fact]
    public async Task No_password_stands_in_the_servers_logs()
    {
        await using var fixture = await StartAsync();
        await fixture.Shop.NewAsync("ALTER ROLE postgres SET log_statement = 'all'", Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        await change.ApplyAsync();
        await fixture.Shop.NewAsync("ALTER ROLE postgres RESET log_statement", Ct);

        Assert.DoesNotContain("staple", await File.ReadAllTextAsync(pair.New.LogFile, Ct), StringComparison.Ordinal);
    }

    private async Task<MoveFixture> StartAsync() => new(await pair.OpenAsync(Ct), "postgresql.replicate", Inputs);
}
