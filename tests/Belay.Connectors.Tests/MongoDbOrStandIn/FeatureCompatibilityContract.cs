using ConnectorKit;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>On a stand-in of its own: on a real server it could be done once only.</summary>
public sealed class FeatureCompatibilityContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<ChangeFixture>(new VersionFixture("7.0"));
}
