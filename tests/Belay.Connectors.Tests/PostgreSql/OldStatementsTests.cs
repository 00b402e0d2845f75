using Belay.Domain.Contract;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class OldStatementsContract(SharedPostgres postgres) : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct)
    {
        var fixture = await ShopCheck.StartAsync(
            postgres,
            "postgresql.old-statements",
            """{ "connection": "db", "file": "release-41.sql" }""",
            "ALTER TABLE orders RENAME COLUMN amount TO total",
            ct
        );
        fixture.Folder.Write("plan/release-41.sql", OldStatementsTests.Release41);
        return fixture;
    }
}

[Collection(PostgresTests.Name)]
public sealed class OldStatementsTests(SharedPostgres postgres)
{
    public const string Release41 = """
        -- What release 41 says to the database.
        SELECT number, amount FROM orders WHERE customer = $1;

        INSERT INTO orders (number, customer, amount)
        VALUES ($1, $2, $3);
        UPDATE orders SET amount = amount + $2
            WHERE number = $1;
        WITH gone AS (DELETE FROM orders WHERE number = $1 RETURNING customer) SELECT * FROM gone;
        PREPARE noting (text, numeric(12, 2)) AS SELECT $1 || ' ' || $2;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    // An expansion that leaves everything possible.
    [InlineData("ALTER TABLE orders ADD COLUMN total_cents bigint", "")]
    [InlineData("ALTER TABLE orders ADD COLUMN total_cents bigint NOT NULL DEFAULT 0", "")]
    [InlineData("ALTER TABLE orders ADD COLUMN total numeric GENERATED ALWAYS AS (amount) STORED NOT NULL", "")]
    // The old release knows nothing of a column that it must fill; nobody sees that in a PREPARE.
    [InlineData(
        "TRUNCATE orders; ALTER TABLE orders ADD COLUMN total_cents bigint NOT NULL",
        "1 of 5 statements are not possible: old.sql:4: column total_cents of public.orders is NOT NULL and has no default"
    )]
    [InlineData(
        "TRUNCATE orders; ALTER TABLE orders ADD COLUMN total_cents bigint NOT NULL; CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.total_cents := NEW.amount * 100; RETURN NEW; END'; CREATE TRIGGER fill BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION fill()",
        ""
    )]
    [InlineData(
        "ALTER TABLE orders DROP COLUMN amount",
        "3 of 5 statements are not possible: old.sql:2: column \"amount\" does not exist; old.sql:4: column \"amount\" of relation \"orders\" does not exist; old.sql:6: column \"amount\""
    )]
    [InlineData("ALTER TABLE orders RENAME TO purchases", "4 of 5 statements are not possible: old.sql:2: relation")]
    public async Task What_is_not_possible_any_more_is_told_with_its_line(string expansion, string says)
    {
        using var shop = await Shop.OpenAsync(postgres, orders: 3);
        await shop.ExecuteAsync(expansion);

        var verdict = await JudgeAsync(shop, Release41);

        if (says.Length == 0)
            Assert.True(verdict is Verdict.Holds, verdict.ToString());
        else
            Assert.Contains(says, Assert.IsType<Verdict.Broken>(verdict).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_executed()
    {
        using var shop = await Shop.OpenAsync(postgres, orders: 3);

        var verdict = await JudgeAsync(
            shop,
            "INSERT INTO orders (number, customer, amount) VALUES ('x', 'y', 1); DELETE FROM orders; SELECT nextval('invoice_numbers')"
        );

        Assert.IsType<Verdict.Holds>(verdict);
        Assert.Equal(3L, await shop.AskAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(1000L, await shop.AskAsync<long>("SELECT last_value FROM invoice_numbers"));
    }

    [Theory]
    [InlineData("DROP TABLE orders;", "old.sql:1: syntax error")]
    [InlineData("SELECT 1;\nCOMMIT;", "old.sql:2: only SELECT, INSERT")]
    [InlineData("PREPARE TRANSACTION 'x';", "old.sql:1: only SELECT, INSERT")]
    [InlineData("SELECT $1 IS NULL;\n\n", "old.sql:1: could not determine data type of parameter $1")]
    [InlineData("-- nothing", "old.sql holds no statement")]
    public async Task What_cannot_be_tried_is_not_taken_for_possible(string text, string says)
    {
        using var shop = await Shop.OpenAsync(postgres, orders: 3);

        var verdict = await JudgeAsync(shop, text);

        Assert.Contains(says, Assert.IsType<Verdict.Broken>(verdict).Why, StringComparison.Ordinal);
        Assert.Equal(3L, await shop.AskAsync<long>("SELECT count(*) FROM orders"));
    }

    private static async Task<Verdict> JudgeAsync(Shop shop, string text)
    {
        shop.Folder.Write("plan/old.sql", text);
        var check = shop.Check("postgresql.old-statements", """{ "connection": "db", "file": "old.sql" }""");
        return check.Judge(await check.ObserveAsync(Ct));
    }
}
