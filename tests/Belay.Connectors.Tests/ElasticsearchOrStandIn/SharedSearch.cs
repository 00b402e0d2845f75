using Belay.Connectors.Elasticsearch;
using Belay.Domain.Contract;
using Belay.ElasticsearchStandIn;

namespace Belay.Connectors.Tests.ElasticsearchOrStandIn;

/// <summary>
/// One cluster for all tests of the connector; every test makes indices of its own. It is the stand-in of <c>tools/ElasticsearchStandIn</c>,
/// with a user, unless <c>BELAY_TEST_ELASTICSEARCH=http[s]://[USER:PASSWORD@]HOST:PORT</c> names a real cluster; its repository of snapshots
/// is <c>backups</c>, or what <c>BELAY_TEST_ELASTICSEARCH_REPOSITORY</c> says.
/// </summary>
public sealed class SharedSearch : IAsyncLifetime
{
    /// <summary>The password of the stand-in's user.</summary>
    public const string Password = "correct-horse";

    private const string User = "shop";
    private static readonly string? Real = Environment.GetEnvironmentVariable("BELAY_TEST_ELASTICSEARCH");
    private static int tests;
    private StandInServer? standIn;

    /// <summary>The repository of snapshots.</summary>
    public static string Repository { get; } =
        Environment.GetEnvironmentVariable("BELAY_TEST_ELASTICSEARCH_REPOSITORY") ?? "backups";

    public ValueTask InitializeAsync()
    {
        if (Real is null)
            standIn = StandInServer.Start(new StandInOptions { User = User, Password = Password });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (standIn is not null)
            await standIn.DisposeAsync();
    }

    /// <summary>A cluster of its own, a stand-in always.</summary>
    internal static StandInServer StartOwn(StandInOptions? options = null) =>
        StandInServer.Start((options ?? new StandInOptions()) with { User = User, Password = Password });

    /// <summary>The products of a shop: an alias, and the index <c>-v1</c> to which it points.</summary>
    internal Task<Products> NewProductsAsync(int documents = 30) =>
        NewProductsAsync(Real is { } real ? OfReal(real) : Settings(standIn!), documents);

    /// <summary>The same on a cluster of its own.</summary>
    internal static Task<Products> NewProductsAsync(StandInServer own, int documents = 30) =>
        NewProductsAsync(Settings(own), documents);

    /// <summary>The settings of a connection to a stand-in.</summary>
    internal static ElasticsearchSettings Settings(StandInServer server) =>
        new()
        {
            Url = server.Url,
            User = User,
            Password = new Secret(Password),
        };

    private static async Task<Products> NewProductsAsync(ElasticsearchSettings settings, int documents)
    {
        var products = new Products(settings, $"belay-{Environment.ProcessId}-{Interlocked.Increment(ref tests)}");
        await products.SeedAsync(documents);
        return products;
    }

    private static ElasticsearchSettings OfReal(string real)
    {
        var url = new Uri(real);
        var login = url.UserInfo.Split(':', 2);
        return new ElasticsearchSettings
        {
            Url = $"{url.Scheme}://{url.Authority}",
            User = url.UserInfo.Length == 0 ? null : login[0],
            Password = login.Length < 2 ? null : new Secret(login[1]),
        };
    }
}

/// <summary>The tests that share the cluster; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SearchTests : ICollectionFixture<SharedSearch>
{
    public const string Name = "Elasticsearch, or its stand-in";
}
