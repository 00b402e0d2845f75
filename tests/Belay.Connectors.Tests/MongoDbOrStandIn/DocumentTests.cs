using Belay.Domain.Contract;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

[Collection(MongoTests.Name)]
public sealed class DocumentTests(SharedMongo mongo)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{ "_id": "schema" }""", "schema_version", """ "expect": 41 """, "")]
    [InlineData("""{ "_id": "schema" }""", "by.release", """ "expect": "4.1" """, "")]
    [InlineData("""{ "_id": "schema" }""", "schema_version", """ "expect": 42 """, "is 41, expected 42")]
    [InlineData("""{ "_id": "schema" }""", "schema_version", """ "expect": "41" """, "is 41, expected \"41\"")]
    [InlineData("""{ "_id": "schema" }""", "schema_version", """ "at-least": 42 """, "is 41, expected at least 42")]
    [InlineData("""{ "_id": "schema" }""", "schema_version", """ "at-most": 40 """, "is 41, expected at most 40")]
    [InlineData("""{ "_id": "schema" }""", "by.release", """ "at-least": 4 """, "which is no number")]
    [InlineData("""{ "_id": "schema" }""", "by.nobody", """ "expect": 1 """, "has no by.nobody")]
    [InlineData("""{ "_id": "other" }""", "schema_version", """ "expect": 41 """, "no document")]
    [InlineData("""{ "schema_version": { "$gte": 40 } }""", "schema_version", """ "expect": 41 """, "")]
    public async Task A_value_is_judged_by_all_conditions(string filter, string path, string conditions, string why)
    {
        var verdict = await JudgeAsync("meta", filter, path, conditions);

        if (why.Length == 0)
            Assert.IsType<Verdict.Holds>(verdict);
        else
            Assert.Contains(why, Why(verdict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_documents_are_no_answer()
    {
        var verdict = await JudgeAsync("orders", """{ "amount": { "$gt": 0 } }""", "amount", """ "at-least": 1 """);

        Assert.Contains(
            "several documents match",
            Assert.IsType<Verdict.Broken>(verdict).Why,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{ "collection": "meta", "filter": {}, "path": "a" }""", """ "expect": 1 """, "document.filter")]
    [InlineData(
        """{ "collection": "meta", "filter": { "_id": { "$oid": "xyz" } }, "path": "a" }""",
        """ "expect": 1 """,
        "document.filter"
    )]
    [InlineData(
        """{ "collection": "a$b", "filter": { "_id": 1 }, "path": "a" }""",
        """ "expect": 1 """,
        "document.collection"
    )]
    [InlineData(
        """{ "collection": "meta", "filter": { "_id": 1 }, "path": "" }""",
        """ "expect": 1 """,
        "document.path"
    )]
    [InlineData("""{ "collection": "meta", "filter": { "_id": 1 }, "path": "a" }""", """ "schema": false """, "expect")]
    [InlineData(
        """{ "collection": "meta", "filter": { "_id": 1 }, "path": "a" }""",
        """ "schema": true, "expect": "41" """,
        "schema"
    )]
    public void A_question_that_makes_no_sense_is_refused_before_the_run(string document, string more, string member) =>
        Assert.Contains(
            TestProgram
                .Instance.Catalog.Find("mongodb.document")!
                .Validate(
                    System.Text.Json.JsonElement.Parse(
                        $$"""{ "connection": "db", "document": {{document}}, {{more}} }"""
                    )
                ),
            problem => problem.Member == member
        );

    private async Task<Verdict> JudgeAsync(string collection, string filter, string path, string conditions)
    {
        using var step = new ShopStep(await mongo.NewShopAsync(3));
        await using var check = step.Check(
            "mongodb.document",
            $$"""{ "connection": "db", "document": { "collection": "{{collection}}", "filter": {{filter}}, "path": "{{path}}" }, {{conditions}} }"""
        );
        return check.Judge(await check.ObserveAsync(Ct));
    }

    private static string Why(Verdict verdict) =>
        verdict switch
        {
            Verdict.NotYet notYet => notYet.Why,
            Verdict.Broken broken => broken.Why,
            _ => "",
        };
}
