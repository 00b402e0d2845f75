using System.Collections.Immutable;
using Belay.Connectors.MongoDb;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;
using Belay.MongoStandIn;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>
/// One server for all tests of the connector; every test makes a database of its own. It is the stand-in of <c>tools/MongoStandIn</c>, a
/// replica set of one member with a user, unless <c>BELAY_TEST_MONGODB=[USER:PASSWORD@]HOST:PORT</c> names a real primary; then
/// <c>mongodump</c> and <c>mongorestore</c> are taken from PATH.
/// </summary>
public sealed class SharedMongo : IAsyncLifetime
{
    /// <summary>The password of the stand-in's user.</summary>
    public const string Password = "correct-horse";

    private const string User = "shop";
    private static readonly string? Real = Environment.GetEnvironmentVariable("BELAY_TEST_MONGODB");
    private static int databases;
    private readonly StandInTools tools = new();
    private StandInServer? standIn;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        if (Real is null)
            standIn = StandInServer.Start(
                new StandInOptions
                {
                    ReplicaSet = "rs0",
                    User = User,
                    Password = Password,
                }
            );
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (standIn is not null)
            await standIn.DisposeAsync();
        tools.Dispose();
    }

    /// <summary>The name of a database that is not there yet.</summary>
    public static string NewName() => $"belay_{Environment.ProcessId}_{Interlocked.Increment(ref databases)}";

    /// <summary>The settings of a connection to a database.</summary>
    internal MongoDbSettings Settings(string database) =>
        Real is { } real
            ? OfReal(real, database)
            : Settings(standIn!, database) with
            {
                User = User,
                Password = new Secret(Password),
            };

    /// <summary>The settings of a connection to a database of another stand-in.</summary>
    internal MongoDbSettings Settings(StandInServer server, string database) =>
        new()
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Database = database,
            Tools = tools.Folder,
        };

    /// <summary>A shop's database at schema 41.</summary>
    internal async Task<ShopDatabase> NewShopAsync(int orders = 250)
    {
        var shop = new ShopDatabase(Settings(NewName()));
        await shop.SeedAsync(orders, Ct);
        return shop;
    }

    private static MongoDbSettings OfReal(string real, string database)
    {
        var (login, place) = real.Split('@') is [var first, var second] ? (first, second) : (null, real);
        var address = place.Split(':');
        return new MongoDbSettings
        {
            Host = address[0],
            Port = address.Length > 1 ? int.Parse(address[1]) : 27017,
            Database = database,
            User = login?.Split(':')[0],
            Password = login is null ? null : new Secret(login.Split(':', 2)[1]),
        };
    }
}

/// <summary>The tests that share the server; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class MongoTests : ICollectionFixture<SharedMongo>
{
    public const string Name = "MongoDB, or its stand-in";
}
