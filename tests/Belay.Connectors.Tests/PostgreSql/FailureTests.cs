using Belay.Connectors.PostgreSql;
using Belay.Domain.Contract;
using Belay.Parts;
using Npgsql;

namespace Belay.Connectors.Tests.PostgreSql;

[Collection(PostgresTests.Name)]
public sealed class FailureTests(SharedPostgres postgres)
{
    private const string Expect41 = """{ "connection": "db", "expect": 41 }""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_refused_and_not_told()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.Settings = shop.Settings with { Password = new Secret("hunter2") };

        var failure = await ObserveAsync(shop);

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("connection 'db'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("refused the login", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_password_where_one_is_asked_for_is_refused()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.Settings = shop.Settings with { Password = null };

        Assert.Equal(FailureKind.Refused, (await ObserveAsync(shop)).Kind);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_refused_and_a_server_that_is_away_may_come_back()
    {
        using var shop = await Shop.OpenAsync(postgres);
        shop.Settings = shop.Settings with { Database = "nowhere" };
        Assert.Equal(FailureKind.Refused, (await ObserveAsync(shop)).Kind);

        shop.Settings = postgres.Settings(shop.Database) with { Port = FreePort.Take() };
        Assert.Equal(FailureKind.Transient, (await ObserveAsync(shop)).Kind);
    }

    [Fact]
    public async Task Too_many_connections_may_pass()
    {
        using var shop = await Shop.OpenAsync(postgres);
        await postgres.Server.ExecuteAsync($"ALTER DATABASE {shop.Database} CONNECTION LIMIT 0", ct: Ct);

        Assert.Equal(FailureKind.Transient, (await ObserveAsync(shop)).Kind);
    }

    [Theory]
    [InlineData("57P01")]
    [InlineData("08006")]
    public void A_session_that_ends_during_commit_leaves_the_outcome_unknown(string sqlState)
    {
        var ended = new PostgresException("terminating connection", "FATAL", "FATAL", sqlState);

        Assert.Equal(FailureKind.OutcomeUnknown, Failures.OfCommit(ended, "here")!.Kind);
        Assert.Equal(FailureKind.Transient, Failures.Of(ended, "here")!.Kind);
        var lost = new NpgsqlException("lost", new IOException("reset"));
        Assert.Equal(FailureKind.OutcomeUnknown, Failures.OfCommit(lost, "here")!.Kind);
    }

    [Theory]
    [InlineData("23505", FailureKind.Refused)]
    [InlineData("25006", FailureKind.Refused)]
    [InlineData("40001", FailureKind.Transient)]
    [InlineData("53300", FailureKind.Transient)]
    [InlineData("53100", FailureKind.Refused)]
    [InlineData("55P03", FailureKind.Transient)]
    [InlineData("57P04", FailureKind.Refused)]
    public void A_code_of_the_server_has_its_meaning(string sqlState, FailureKind kind) =>
        Assert.Equal(kind, Failures.Of(new PostgresException("x", "ERROR", "ERROR", sqlState), "here")!.Kind);

    [Theory]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("DELETE FROM orders")]
    [InlineData("COMMIT")]
    [InlineData("SELECT 'a")]
    public async Task A_query_that_is_not_one_reading_statement_is_told_before_the_run(string sql)
    {
        using var shop = await Shop.OpenAsync(postgres);
        var definition = TestProgram.Instance.Catalog.Find("postgresql.query")!;
        var inputs = System.Text.Json.JsonElement.Parse($$"""{ "connection": "db", "sql": "{{sql}}", "rows": 1 }""");

        Assert.Equal("sql", Assert.Single(definition.Validate(inputs)).Member);
    }

    [Fact]
    public async Task A_query_cannot_write_not_even_from_inside_a_reading_statement()
    {
        using var shop = await Shop.OpenAsync(postgres);
        await using var check = shop.Check(
            "postgresql.query",
            """{ "connection": "db", "sql": "WITH gone AS (DELETE FROM orders RETURNING 1) SELECT count(*) FROM gone", "rows": 1 }"""
        );

        var failure = await Assert.ThrowsAsync<OperationException>(async () => await check.ObserveAsync(Ct));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Equal(200L, await shop.AskAsync<long>("SELECT count(*) FROM orders"));
    }

    [Theory]
    [InlineData("\"at-least\": \"15\"", true)]
    [InlineData("\"at-least\": \"14.2\", \"at-most\": \"15\"", true)]
    [InlineData("\"at-least\": \"16\"", false)]
    [InlineData("\"at-most\": \"15.0\"", false)]
    public async Task The_servers_version_is_compared(string range, bool holds)
    {
        using var shop = await Shop.OpenAsync(postgres);
        await using var check = shop.Check("postgresql.version", $$"""{ "connection": "db", {{range}} }""");

        Assert.Equal(holds, check.Judge(await check.ObserveAsync(Ct)) is Verdict.Holds);
    }

    private static async Task<OperationException> ObserveAsync(Shop shop)
    {
        await using var check = shop.Check("postgresql.schema-version", Expect41);
        return await Assert.ThrowsAsync<OperationException>(async () => await check.ObserveAsync(Ct));
    }
}
