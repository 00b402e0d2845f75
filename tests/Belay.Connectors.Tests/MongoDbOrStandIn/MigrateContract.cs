using ConnectorKit;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>The runner is the stand-in's, which takes no login: the server is a stand-in of its own.</summary>
public sealed class MigrateContract : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        await RunnerFixture.StartAsync("", ct);
}

/// <summary>A runner that goes on where it was may be started again.</summary>
public sealed class RepeatableMigrateContract : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        await RunnerFixture.StartAsync(""", "repeatable": true""", ct);
}
