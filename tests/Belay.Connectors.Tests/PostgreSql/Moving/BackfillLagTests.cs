using Belay.Domain.Contract;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

[Collection(MoveTests13To17.Name)]
public sealed class BackfillLagTests(Pair13To17 pair)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batches_wait_for_a_subscriber_that_is_too_far_behind()
    {
        var shop = await pair.OpenAsync(Ct);
        await using var fixture = new MoveFixture(shop, "postgresql.replicate", ReplicateTests.Inputs);
        await using var replicate = fixture.Change("postgresql.replicate", ReplicateTests.Inputs);
        await replicate.ApplyAsync();
        await using var backfill = fixture.Change(
            "postgresql.backfill",
            """
            { "connection": "old", "name": "lines", "table": "lines", "key": "id", "batch": 100, "pause": "0s", "lag-at-most": 20000, "lag-limit": "1m",
              "statement": "UPDATE lines SET text = repeat('x', 200) WHERE id BETWEEN $1 AND $2" }
            """
        );
        // Replicated to a subscriber that does not have it, the table of backfills would end the replication.
        var failure = await backfill.FailAsync();
        Assert.Equal(FailureKind.Refused, failure.Kind);
        var creation = failure.Message[failure.Message.IndexOf("CREATE TABLE", StringComparison.Ordinal)..];
        await shop.NewAsync(creation, Ct);
        await shop.OldAsync(creation, Ct);
        // The subscriber cannot apply what arrives.
        await using var holding = new Npgsql.NpgsqlConnection(
            pair.New.ConnectionString(shop.Database) + ";Pooling=false"
        );
        await holding.OpenAsync(Ct);
        await using var transaction = await holding.BeginTransactionAsync(Ct);
        await using var hold = new Npgsql.NpgsqlCommand("LOCK TABLE lines IN EXCLUSIVE MODE", holding, transaction);
        await hold.ExecuteNonQueryAsync(Ct);

        var waited = 0L;
        await foreach (var progress in backfill.ApplyAsync(await backfill.ObserveAsync(Ct), Ct))
        {
            const string says = "bytes behind, at most 20000 are allowed";
            if (waited > 0 || !progress.Message!.EndsWith(says, StringComparison.Ordinal))
                continue;
            waited = (long)(await shop.OldAsync("SELECT count(*) FROM lines WHERE text LIKE 'xx%'", Ct))!;
            await transaction.RollbackAsync(Ct);
        }

        Assert.InRange(waited, 10, 490);
        Assert.Equal(500L, await shop.OldAsync("SELECT count(*) FROM lines WHERE text LIKE 'xx%'", Ct));
    }

    [Fact]
    public async Task Without_any_standby_it_is_not_taken_for_caught_up()
    {
        var shop = await pair.OpenAsync(Ct);
        await using var fixture = new MoveFixture(shop, "postgresql.replicate", ReplicateTests.Inputs);
        await using var backfill = fixture.Change(
            "postgresql.backfill",
            """
            { "connection": "new", "name": "numbers", "table": "numbers", "key": "n", "lag-at-most": 20000, "lag-limit": "300ms",
              "statement": "UPDATE numbers SET n = n WHERE n BETWEEN $1 AND $2" }
            """
        );
        await shop.NewAsync("CREATE TABLE numbers (n int PRIMARY KEY); INSERT INTO numbers VALUES (1)", Ct);

        var failure = await backfill.FailAsync();

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("no standby or subscriber is connected", failure.Message, StringComparison.Ordinal);
    }
}
