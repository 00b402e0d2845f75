using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

[Collection(MoveTests13To17.Name)]
public sealed class SameTests(Pair13To17 pair)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_comes_to_rest_while_services_order_and_write_the_same_row_without_a_pause()
    {
        await using var fixture = await ReplicatedAsync(
            "CREATE TABLE counters (name text PRIMARY KEY, at bigint NOT NULL); INSERT INTO counters VALUES ('visits', 0)"
        );
        var shop = fixture.Shop;
        await using var writers = ShopWriters.Start(pair.OldEndpoint(shop), 2);
        await using var counting = ShopWriters.Start(
            pair.OldEndpoint(shop),
            1,
            "UPDATE counters SET at = at + 1 WHERE $1 <> ''"
        );
        await counting.WriteSomeAsync(Ct);
        await using var check = fixture.Check("postgresql.same", """{ "from": "old", "to": "new", "settle": "20s" }""");

        var verdict = check.Judge(await check.ObserveAsync(Ct));
        await writers.WriteSomeAsync(Ct);
        await counting.WriteSomeAsync(Ct);

        Assert.True(verdict is Verdict.Holds, verdict.ToString());
        Assert.Empty(writers.Failures.Concat(counting.Failures));
    }

    [Fact]
    public async Task What_differs_is_found_by_keys_of_every_kind_while_services_order()
    {
        await using var fixture = await ReplicatedAsync(
            "CREATE TABLE notes (text text); ALTER TABLE notes REPLICA IDENTITY FULL; INSERT INTO notes VALUES ('twice'), ('twice'), ('once')"
        );
        await using var writers = ShopWriters.Start(pair.OldEndpoint(fixture.Shop), 2);
        foreach (
            var breaking in new[]
            {
                "UPDATE orders SET cents = cents + 1 WHERE token = 'seed-7'",
                "DELETE FROM lines WHERE id = 7",
                "INSERT INTO events VALUES ('2026-07-01 12:00+00', 4711)",
                "UPDATE \"Odd Name\" SET net = 1.50",
                "UPDATE notes SET text = 'other' WHERE text = 'twice'",
            }
        )
            await fixture.Shop.NewAsync(breaking, Ct);
        await writers.WriteSomeAsync(Ct);
        await using var check = fixture.Check("postgresql.same", """{ "from": "old", "to": "new", "settle": "1s" }""");

        var observed = await check.ObserveAsync(Ct);
        var why = Assert.IsType<Verdict.NotYet>(check.Judge(observed)).Why;

        var compared = StoreComparison.In(observed)!;
        var lines = compared.Parts.Single(part => part.Name == "public.lines");
        Assert.Equal(("old", "new", 1), (compared.From, compared.To, lines.Differing));
        Assert.True(lines is { InFrom: > 0, InTo: > 0, IsSample: false }, lines.ToString());
        Assert.Contains("public.orders: 1 of", why, StringComparison.Ordinal);
        Assert.Contains("public.lines: 1 of", why, StringComparison.Ordinal);
        Assert.Contains("public.events_now: 1 of", why, StringComparison.Ordinal);
        Assert.Contains("public.\"Odd Name\": 1 of", why, StringComparison.Ordinal);
        Assert.Contains("public.notes: 2 of", why, StringComparison.Ordinal);
        Assert.DoesNotContain("invoices", why, StringComparison.Ordinal);
    }

    private async Task<MoveFixture> ReplicatedAsync(string schema)
    {
        var shop = await pair.OpenAsync(Ct);
        await shop.OldAsync($"SET ROLE {MovePair.Role}; {schema}", Ct);
        var fixture = new MoveFixture(shop, "postgresql.replicate", ReplicateTests.Inputs);
        await using var replicate = fixture.Change("postgresql.replicate", ReplicateTests.Inputs);
        await replicate.ApplyAsync();
        return fixture;
    }
}
