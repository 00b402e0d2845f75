using System.Text.Json;
using Belay.Connectors.PostgreSql.Backfilling;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class BackfillTests(SharedPostgres postgres)
{
    private const string Items =
        "CREATE TABLE items (id bigint PRIMARY KEY, filled int); INSERT INTO items SELECT n FROM generate_series(1, 300) n; ANALYZE items";

    private const string Filling = "UPDATE items SET filled = coalesce(filled, 0) + 1 WHERE id BETWEEN $1 AND $2";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_filled_once_in_batches_and_the_time_left_is_told_and_another_run_finds_it_done()
    {
        using var shop = await OpenAsync(Items);

        var told = await Backfill(shop, Filling, ", \"batch\": 100").ApplyAsync();

        Assert.Equal(300L, await shop.AskAsync<long>("SELECT count(*) FROM items WHERE filled = 1"));
        Assert.True(told.Count >= 4, $"{told.Count} batches");
        Assert.Equal((300L, 300L, "rows"), (told[^1].Done!.Value, told[^1].Total!.Value, told[^1].Unit!));
        Assert.Contains(" left", told[0].Message, StringComparison.Ordinal);
        var other = Backfill(shop, Filling, ", \"batch\": 100");
        var state = await other.ObserveAsync(Ct);
        Assert.True(other.Plan(state).IsEmpty);
        Assert.Equal(300, state.GetProperty("written").GetInt64());
    }

    [Fact]
    public async Task It_goes_on_where_another_run_left_it_and_is_taken_back_to_there()
    {
        using var shop = await OpenAsync(Items);
        const string more =
            ", \"batch\": 100, \"way-back\": \"statement\", \"undo\": \"UPDATE items SET filled = NULL WHERE id BETWEEN $1 AND $2\"";
        await LeaveAfterAsync(Backfill(shop, Filling, more), batches: 2);
        var left = await shop.AskAsync<long>("SELECT count(*) FROM items WHERE filled = 1");
        Assert.InRange(left, 1, 299);
        var change = Backfill(shop, Filling, more);
        var before = await change.ObserveAsync(Ct);

        await change.ApplyAsync();
        Assert.Equal(300L, await shop.AskAsync<long>("SELECT count(*) FROM items WHERE filled = 1"));
        await change.UndoAsync(before);

        Assert.True(change.Same(before, await change.ObserveAsync(Ct)));
        Assert.Equal(left, await shop.AskAsync<long>("SELECT count(*) FROM items WHERE filled = 1"));
    }

    [Fact]
    public async Task A_batch_that_lasts_too_long_is_tried_again_with_fewer_rows()
    {
        using var shop = await OpenAsync(Items);

        var told = await Backfill(
                shop,
                "UPDATE items SET filled = 1 WHERE id BETWEEN $1 AND $2 AND pg_sleep(0.002) IS NOT NULL",
                ", \"batch\": 1000, \"lock-limit\": \"100ms\", \"statement-limit\": \"150ms\", \"batch-goal\": \"100ms\""
            )
            .ApplyAsync();

        Assert.Equal(300L, await shop.AskAsync<long>("SELECT count(*) FROM items WHERE filled = 1"));
        Assert.True(told[0].Done < 100, $"{told[0].Done} rows");
    }

    [Fact]
    public async Task Rows_that_are_left_stop_the_step_and_say_how_many()
    {
        using var shop = await OpenAsync(Items);

        var failure = await Backfill(
                shop,
                Filling + " AND id <> 7",
                ", \"left\": \"SELECT count(*) FROM items WHERE filled IS NULL\""
            )
            .FailAsync();

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("1 rows are left", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uuid", "gen_random_uuid()")]
    [InlineData("timestamptz", "now() + n * interval '1.000001 s'")]
    [InlineData("text", "'it''s \\ ' || n")]
    [InlineData("numeric(20, 5)", "n / 7.0")]
    public async Task Keys_of_every_type_that_has_an_order_are_walked(string type, string value)
    {
        using var shop = await OpenAsync(
            $"CREATE TABLE things (\"the key\" {type} PRIMARY KEY, filled int); INSERT INTO things SELECT {value} FROM generate_series(1, 60) n"
        );

        await shop.Change(
                "postgresql.backfill",
                """
                { "connection": "db", "name": "things", "table": "public.things", "key": "the key", "batch": 70, "pause": "0s",
                  "statement": "UPDATE things SET filled = coalesce(filled, 0) + 1 WHERE \"the key\" BETWEEN $1 AND $2" }
                """
            )
            .ApplyAsync();

        Assert.Equal(60L, await shop.AskAsync<long>("SELECT count(*) FROM things WHERE filled = 1"));
    }

    [Fact]
    public async Task An_empty_table_is_done_at_once()
    {
        using var shop = await OpenAsync("CREATE TABLE items (id bigint PRIMARY KEY, filled int)");
        var change = Backfill(shop, Filling);

        await change.ApplyAsync();

        Assert.True(change.Plan(await change.ObserveAsync(Ct)).IsEmpty);
    }

    [Theory]
    [InlineData("CREATE TABLE items (id bigint UNIQUE, filled int)", "may be NULL")]
    [InlineData("CREATE TABLE items (id bigint NOT NULL, filled int)", "no index of items begins with id")]
    [InlineData("CREATE TABLE items (number bigint PRIMARY KEY)", "there is no column id of items")]
    [InlineData(
        "CREATE TABLE items (id bigint NOT NULL, filled int); CREATE INDEX ON items (id) WHERE id > 10",
        "no index of items begins with id"
    )]
    public async Task A_key_that_cannot_be_walked_is_refused_before_anything_is_begun(string schema, string says)
    {
        using var shop = await OpenAsync(schema);

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
            await Backfill(shop, Filling).ObserveAsync(Ct)
        );

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_stands_for_one_statement()
    {
        using var shop = await OpenAsync(Items);
        await Backfill(shop, Filling).ApplyAsync();

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
            await Backfill(shop, Filling + " AND filled IS NULL").ObserveAsync(Ct)
        );

        Assert.Contains("give this one another name", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE items SET filled = 1", "", "statement: must name the ends of a batch")]
    [InlineData("UPDATE items SET filled = 1 WHERE id BETWEEN $10 AND $2", "", "statement: must name the ends")]
    [InlineData(Filling + "; COMMIT", "", "statement: must be one statement")]
    [InlineData(Filling, ", \"left\": \"DELETE FROM items\"", "left: must begin with SELECT")]
    [InlineData(Filling, ", \"way-back\": \"statement\"", "undo: goes together with way-back: statement")]
    [InlineData(Filling, ", \"batch\": 0", "batch: must be between 1 and")]
    [InlineData(Filling, ", \"lag-at-most\": -1", "lag-at-most: a number of bytes")]
    public void Wrong_inputs_are_told_when_the_plan_is_read(string statement, string more, string says)
    {
        var problems = TestProgram
            .Instance.Catalog.Find("postgresql.backfill")!
            .Validate(JsonElement.Parse(Inputs(statement, more)));

        Assert.Contains(
            problems,
            problem => $"{problem.Member}: {problem.Message}".StartsWith(says, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_pace_follows_the_time_that_batches_take_within_its_bounds()
    {
        var pace = new Pace(1000, TimeSpan.FromMilliseconds(200));
        Assert.Equal(100, pace.Rows);
        pace.Took(TimeSpan.FromMilliseconds(10));
        Assert.Equal(200, pace.Rows);
        pace.Took(TimeSpan.FromMilliseconds(150));
        Assert.Equal(200, pace.Rows);
        pace.Took(TimeSpan.FromMilliseconds(201));
        Assert.Equal(100, pace.Rows);
        for (var n = 0; n < 10; n++)
            pace.Took(TimeSpan.Zero);
        Assert.Equal(1000, pace.Rows);
        for (var n = 0; n < 9; n++)
            Assert.True(pace.TooLong());
        Assert.Equal((1, false), (pace.Rows, pace.TooLong()));
    }

    private Task<Shop> OpenAsync(string schema) => OpenAsync(postgres, schema);

    private static async Task<Shop> OpenAsync(SharedPostgres postgres, string schema)
    {
        var shop = await Shop.OpenAsync(postgres, orders: 1);
        await shop.ExecuteAsync(schema);
        return shop;
    }

    private static BoundChange Backfill(Shop shop, string statement, string more = "") =>
        shop.Change("postgresql.backfill", Inputs(statement, more));

    private static string Inputs(string statement, string more) =>
        $$"""{ "connection": "db", "name": "items", "table": "items", "key": "id", "pause": "0s", "statement": {{JsonSerializer.Serialize(
            statement
        )}}{{more}} }""";

    private static async Task LeaveAfterAsync(BoundChange change, int batches)
    {
        await foreach (var _ in change.ApplyAsync(await change.ObserveAsync(default), default))
        {
            if (--batches == 0)
                return;
        }
    }
}
