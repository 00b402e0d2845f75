using System.Security.Cryptography.X509Certificates;
using Belay.Connectors.MongoDb;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;
using Belay.MongoStandIn;
using ConnectorKit;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

[Collection(MongoTests.Name)]
public sealed class SessionTests(SharedMongo mongo)
{
    private const string Check =
        """{ "connection": "db", "document": { "collection": "meta", "filter": { "_id": "schema" }, "path": "schema_version" }, "expect": 41 }""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_refused_and_not_said()
    {
        var shop = await mongo.NewShopAsync(1);
        shop.Settings = shop.Settings with
        {
            User = shop.Settings.User ?? "somebody",
            Password = new Secret("wrong-horse"),
        };

        var failure = await Assert.ThrowsAsync<OperationException>(() => AskAsync(shop));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("correct user, password and auth-source", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-horse", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_worth_another_try()
    {
        var shop = new ShopDatabase(mongo.Settings(SharedMongo.NewName()) with { Port = 1 });

        var failure = await Assert.ThrowsAsync<OperationException>(() => AskAsync(shop));

        Assert.Equal(FailureKind.Transient, failure.Kind);
    }

    [Fact]
    public async Task A_secondary_is_refused_and_the_primary_named()
    {
        await using var server = StandInServer.Start(
            new StandInOptions { ReplicaSet = "rs0", Primary = "db2.example:27017" }
        );

        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            AskAsync(new ShopDatabase(mongo.Settings(server, "shop")))
        );

        Assert.Contains("the primary is db2.example:27017", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_tls_only_a_server_of_the_named_authority_is_entered()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("Another Authority");
        using var folder = new TestFolder();
        var issued = authority.Issue();
        using var own = X509Certificate2.CreateFromPem(issued.Certificate, issued.Key);
        await using var server = StandInServer.Start(new StandInOptions { Certificate = own });
        var shop = new ShopDatabase(
            mongo.Settings(server, "shop") with
            {
                Tls = true,
                TlsCa = folder.Write("ca.pem", authority.Pem),
            }
        );
        await shop.SeedAsync(1, Ct);

        Assert.IsType<Verdict.Holds>(await AskAsync(shop));
        shop.Settings = shop.Settings with { TlsCa = folder.Write("other.pem", stranger.Pem) };
        var failure = await Assert.ThrowsAsync<OperationException>(() => AskAsync(shop));
        Assert.Contains("is not trusted, and nothing was sent", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_many_batches_is_read_to_its_end()
    {
        var shop = await mongo.NewShopAsync(2500);
        await using var session = await MongoSession.OpenAsync(shop.Settings, TimeProvider.System, Ct);

        var count = 0;
        await foreach (var _ in session.ReadAsync(shop.Name, new BsonBuilder().Add("find", "orders"), Ct))
            count++;

        Assert.Equal(2500, count);
    }

    [Fact]
    public async Task A_replica_set_and_a_single_server_say_which_they_are_and_two_are_never_the_same()
    {
        await using var set = StandInServer.Start(new StandInOptions { ReplicaSet = "rs0" });
        await using var alone = StandInServer.Start();
        await using var other = StandInServer.Start();

        var ids = new List<string?>();
        foreach (var server in new[] { set, alone, other })
        {
            ids.Add(await IdOf(server));
            Assert.Equal(ids[^1], await IdOf(server));
        }

        Assert.DoesNotContain(null, ids);
        Assert.Equal(3, ids.Distinct().Count());
    }

    private Task<string?> IdOf(StandInServer server) =>
        mongo.Settings(server, "shop").IdentifyAsync(TimeProvider.System, Ct).AsTask();

    private static async Task<Verdict> AskAsync(ShopDatabase shop)
    {
        using var step = new ShopStep(shop);
        await using var check = step.Check("mongodb.document", Check);
        return check.Judge(await check.ObserveAsync(Ct));
    }
}
