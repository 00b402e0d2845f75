using Belay.Connectors.MongoDb;
using Belay.Domain.Contract;
using Belay.MongoStandIn;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>On stand-ins of their own.</summary>
public sealed class FeatureCompatibilityTests
{
    [Theory]
    [InlineData("6.0.9", "5.0", "6.0")]
    [InlineData("7.0.14", "6.0", "7.0")]
    [InlineData("8.0.4", "7.0", "8.0")]
    public async Task It_is_raised_and_confirmed_where_the_server_asks_for_that(string server, string from, string to)
    {
        await using var standIn = StandInServer.Start(
            new StandInOptions { Version = server, FeatureCompatibility = from }
        );
        using var step = Step(standIn);

        var after = await step.ApplyAsync("mongodb.feature-compatibility", Inputs(to));

        Assert.Equal(to, after.GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("5.0", "lowering it to 5.0 is not covered")]
    [InlineData("8.0", "cannot have the feature compatibility version 8.0")]
    public async Task It_is_neither_lowered_nor_raised_beyond_the_server(string to, string why)
    {
        await using var standIn = StandInServer.Start();
        using var step = Step(standIn);

        var failure = await step.FailAsync("mongodb.feature-compatibility", Inputs(to));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_never_be_taken_back() =>
        Assert.Equal(
            Reversal.Never,
            (
                (Domain.Operations.ChangeDefinition)TestProgram.Instance.Catalog.Find("mongodb.feature-compatibility")!
            ).Reversal
        );

    private static ShopStep Step(StandInServer server) =>
        new(
            new ShopDatabase(
                new MongoDbSettings
                {
                    Host = "127.0.0.1",
                    Port = server.Port,
                    Database = "shop",
                }
            )
        );

    private static string Inputs(string to) => $$"""{ "connection": "db", "to": "{{to}}" }""";
}
