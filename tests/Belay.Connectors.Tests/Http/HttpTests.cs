using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Http;

public sealed class HttpTests : IAsyncDisposable
{
    private readonly OrderService service = new();
    private readonly TestFolder folder = new();
    private readonly TestScope scope;

    public HttpTests() => scope = new(folder.Folder("plan"), folder.Folder("run"), TestProgram.Instance.Processes);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Samples_of_a_watch_share_one_connection()
    {
        await using var check = Check($$"""{ "url": "{{service.Url}}/status" }""");

        for (var i = 0; i < 20; i++)
            Assert.IsType<Verdict.Holds>(check.Judge(await check.ObserveAsync(Ct)));

        Assert.Equal(20, Assert.Single(service.Connections).Value);
    }

    [Fact]
    public async Task Numbers_land_in_the_state_by_themselves_and_texts_when_they_are_asked_for()
    {
        await using var check = Check($$"""{ "url": "{{service.Url}}/status" }""");
        await using var asking = Check($$"""{ "url": "{{service.Url}}/status", "keep": ["database.name"] }""");

        Assert.Equal("""{"failed":0}""", (await check.ObserveAsync(Ct)).GetProperty("values").GetRawText());
        Assert.Equal(
            """{"database.name":"shop"}""",
            (await asking.ObserveAsync(Ct)).GetProperty("values").GetRawText()
        );
    }

    [Theory]
    [InlineData("""{ "json": { "release": "4.1.0" } }""", "release is \"4.2.0\", expected \"4.1.0\"")]
    [InlineData("""{ "json": { "database": { "schema": 41 } } }""", "database.schema is 42, expected 41")]
    [InlineData("""{ "json": { "gone": true } }""", "gone is missing, expected true")]
    [InlineData("""{ "at-most": { "database.schema": 41 } }""", "database.schema is 42, at most 41 expected")]
    [InlineData("""{ "at-least": { "release": 1 } }""", "release is \"4.2.0\", at least 1 expected")]
    [InlineData("""{ "status": 404 }""", "status 200, expected 404")]
    [InlineData("""{ "header": { "x-release": "4.1.0" } }""", "header x-release is 4.2.0, expected 4.1.0")]
    [InlineData("""{ "contains": "nothing of it" }""", "the body does not contain 'nothing of it'")]
    public async Task It_says_what_it_saw_and_what_it_expected(string expect, string why)
    {
        await using var check = Check($$"""{ "url": "{{service.Url}}/status?key=hunter2", "expect": {{expect}} }""");
        await using var plain = Check($$"""{ "url": "{{service.Url}}/status", "expect": {{expect}} }""");

        var verdict = Assert.IsType<Verdict.NotYet>(plain.Judge(await plain.ObserveAsync(Ct)));

        Assert.Equal($"GET {service.Url}/status: {why}", verdict.Why);
        Assert.DoesNotContain(
            "hunter2",
            Assert.IsType<Verdict.NotYet>(check.Judge(await check.ObserveAsync(Ct))).Why,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_page_where_values_are_expected_is_no_answer()
    {
        await using var check = Check(
            $$"""{ "url": "{{service.Url}}/page", "expect": { "json": { "release": "4.2.0" } } }"""
        );

        var failure = await Assert.ThrowsAsync<OperationException>(async () => await check.ObserveAsync(Ct));

        Assert.Equal(FailureKind.Transient, failure.Kind);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_unless_asked_for()
    {
        await using var check = Check($$"""{ "url": "{{service.Url}}/moved", "expect": { "status": 302 } }""");

        Assert.IsType<Verdict.Holds>(check.Judge(await check.ObserveAsync(Ct)));
    }

    [Fact]
    public async Task A_post_carries_the_token_of_its_step()
    {
        await using var change = Change("http.post", $$"""{ "url": "{{service.Url}}/orders", "body": {} }""");

        await foreach (var _ in change.ApplyAsync(await change.ObserveAsync(Ct), Ct)) { }

        Assert.Equal(scope.Token, service.LastHeaders["Idempotency-Key"]);
    }

    [Fact]
    public async Task A_journey_leaves_nothing_behind_when_it_succeeds_and_when_it_fails()
    {
        const string Visits = """
            "visits": [
              { "post": "/orders", "body": { "number": "check-{mark}" } },
              { "get": "/orders/check-{mark}", "expect": { "json": { "state": "STATE" } } }
            ],
            "clean-up": [ { "delete": "/orders/check-{mark}" } ]
            """;
        await using var good = Change(
            "http.journey",
            $$"""{ "url": "{{service.Url}}", {{Visits.Replace("STATE", "lost", StringComparison.Ordinal)}} }"""
        );
        var before = await good.ObserveAsync(Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in good.ApplyAsync(before, Ct)) { }
        });

        Assert.Contains("state is \"placed\", expected \"lost\"", failure.Message, StringComparison.Ordinal);
        Assert.Empty(service.Snapshot());

        await using var mended = Change(
            "http.journey",
            $$"""{ "url": "{{service.Url}}", {{Visits.Replace("STATE", "placed", StringComparison.Ordinal)}} }"""
        );
        await foreach (var _ in mended.ApplyAsync(before, Ct)) { }
        Assert.True((await mended.ObserveAsync(Ct)).GetProperty("done").GetBoolean());
        Assert.Equal(2, service.Accepted);
        Assert.Empty(service.Snapshot());
    }

    [Fact]
    public void A_visit_without_a_method_is_refused_before_the_run()
    {
        var definition = TestProgram.Instance.Catalog.Find("http.journey")!;

        var problems = definition.Validate(
            JsonElement.Parse("""{ "url": "http://shop", "visits": [ {} ], "clean-up": [] }""")
        );

        Assert.Equal("visits.0", Assert.Single(problems).Member);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        folder.Dispose();
    }

    private BoundCheck Check(string inputs) =>
        ((CheckDefinition)TestProgram.Instance.Catalog.Find("http.get")!).Create(JsonElement.Parse(inputs), scope);

    private BoundChange Change(string operation, string inputs) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(JsonElement.Parse(inputs), scope);
}
