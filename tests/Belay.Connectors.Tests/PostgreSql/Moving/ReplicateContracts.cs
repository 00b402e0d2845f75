using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

[Collection(MoveTests13To17.Name)]
public sealed class ReplicateContract13To17(Pair13To17 pair) : ChangeContract
{
    protected override int Kills => 4;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        new MoveFixture(await pair.OpenAsync(ct), "postgresql.replicate", ReplicateTests.Inputs);
}

[Collection(MoveTests15To18.Name)]
public sealed class ReplicateContract15To18(Pair15To18 pair) : ChangeContract
{
    protected override int Kills => 2;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        new MoveFixture(await pair.OpenAsync(ct), "postgresql.replicate", ReplicateTests.Inputs);
}
