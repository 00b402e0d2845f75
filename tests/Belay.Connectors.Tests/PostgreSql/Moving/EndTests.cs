using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

[Collection(MoveTests13To17.Name)]
public sealed class CleanUpContract(Pair13To17 pair) : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var fixture = new MoveFixture(await pair.OpenAsync(ct), "postgresql.clean-up", ReplicateTests.Inputs);
        fixture.Folder.Write("plan/shop.env", $"DATABASE=127.0.0.1:{pair.Old.Port}\n");
        await using var replicate = fixture.Change("postgresql.replicate", ReplicateTests.Inputs);
        await replicate.ApplyAsync();
        await using var switching = fixture.Change(
            "postgresql.switch-over",
            """{ "from": "old", "to": "new", "switch": { "file": "shop.env", "key": "DATABASE" } }"""
        );
        await switching.ApplyAsync();
        return fixture;
    }
}

[Collection(MoveTests13To17.Name)]
public sealed class SameContract13To17(Pair13To17 pair) : CheckContract
{
    protected override Task<CheckFixture> StartAsync(CancellationToken ct) => CopyCheck.StartAsync(pair, ct);
}

[Collection(MoveTests15To18.Name)]
public sealed class SameContract15To18(Pair15To18 pair) : CheckContract
{
    protected override Task<CheckFixture> StartAsync(CancellationToken ct) => CopyCheck.StartAsync(pair, ct);
}

[Collection(MoveTests13To17.Name)]
public sealed class MovableContract(Pair13To17 pair) : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct) =>
        new MoveCheck(
            await pair.OpenAsync(ct),
            "postgresql.movable",
            """{ "from": "old", "to": "new" }""",
            shop => shop.OldAsync("CREATE UNLOGGED TABLE cache (n int PRIMARY KEY)")
        );
}

/// <summary>A check on a shop that is moved, and what breaks it.</summary>
internal sealed class MoveCheck(MoveShop shop, string operation, string inputs, Func<MoveShop, Task> breaking)
    : CheckFixture
{
    public override KitProgram Program => TestProgram.Instance;

    public override CheckDefinition Definition => (CheckDefinition)Program.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; } = Json(inputs);

    public override IReadOnlyDictionary<string, object> Connections => shop.Connections;

    public override ImmutableArray<string> Secrets => [MovePair.Password];

    public override async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        await shop.SnapshotAsync(ct);

    public override async ValueTask BreakAsync(CancellationToken ct) => await breaking(shop);

    public override async ValueTask TakeAwayAsync(CancellationToken ct) => await shop.TakeAwayAsync();

    public override async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>A comparison of a shop with its copy.</summary>
internal static class CopyCheck
{
    public static async Task<CheckFixture> StartAsync(MovePair pair, CancellationToken ct)
    {
        var shop = await pair.OpenAsync(ct);
        await using var replicate = new MoveFixture(shop, "postgresql.replicate", ReplicateTests.Inputs).Change(
            "postgresql.replicate",
            ReplicateTests.Inputs
        );
        await replicate.ApplyAsync();
        return new MoveCheck(
            shop,
            "postgresql.same",
            """{ "from": "old", "to": "new", "settle": "1s" }""",
            broken => broken.NewAsync("UPDATE orders SET cents = cents + 1 WHERE token = 'seed-7'")
        );
    }
}

[Collection(MoveTests13To17.Name)]
public sealed class MovableTests(Pair13To17 pair)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("CREATE TABLE faceless (n int)", "public.faceless: it has no replica identity")]
    [InlineData("CREATE UNLOGGED TABLE cache (n int PRIMARY KEY)", "public.cache: it is unlogged")]
    [InlineData("SELECT lo_create(0)", "large objects: there are 1")]
    [InlineData(
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
        "event trigger e"
    )]
    [InlineData("ALTER TABLE lines ENABLE ALWAYS TRIGGER stamps", "would fire a second time")]
    [InlineData(
        "ALTER TABLE invoices DROP CONSTRAINT invoices_pkey; ALTER TABLE invoices ADD PRIMARY KEY (number) DEFERRABLE",
        "public.invoices: it has no replica identity"
    )]
    [InlineData(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = shop', current_database()); END $$",
        "lacks search_path=shop"
    )]
    [InlineData(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'clerk') THEN CREATE ROLE clerk; END IF; END $$; GRANT SELECT ON orders TO clerk",
        "role clerk: new does not have it"
    )]
    public async Task What_replication_does_not_carry_stops_the_move_and_says_what_to_do(string sql, string says)
    {
        var shop = await pair.OpenAsync(Ct);
        await using var fixture = new MoveFixture(shop, "postgresql.replicate", ReplicateTests.Inputs);
        await shop.OldAsync(sql, Ct);
        await using var check = fixture.Check("postgresql.movable", ReplicateTests.Inputs);

        var verdict = check.Judge(await check.ObserveAsync(Ct));

        var broken = Assert.IsType<Verdict.Broken>(verdict);
        Assert.Contains(says, broken.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_plan_leaves_behind_is_told_and_stops_nothing()
    {
        var shop = await pair.OpenAsync(Ct);
        await using var fixture = new MoveFixture(shop, "postgresql.replicate", ReplicateTests.Inputs);
        await shop.OldAsync("CREATE UNLOGGED TABLE cache (n int PRIMARY KEY); SELECT lo_create(0)", Ct);
        await using var check = fixture.Check(
            "postgresql.movable",
            """{ "from": "old", "to": "new", "leave-behind": ["public.cache", "large objects"] }"""
        );

        var state = await check.ObserveAsync(Ct);

        Assert.IsType<Verdict.Holds>(check.Judge(state));
        Assert.Contains("left behind, as the plan says", state.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("the materialized view is filled anew", state.GetRawText(), StringComparison.Ordinal);
    }
}
