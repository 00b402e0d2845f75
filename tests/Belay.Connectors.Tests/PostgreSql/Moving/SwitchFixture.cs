using System.Collections.Immutable;
using System.Text.Json;
using Belay.Parts;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

/// <summary>A shop that is replicated, and the pooler through which its services write.</summary>
internal sealed class SwitchFixture : MoveFixture
{
    /// <summary>The password of the pooler's administrator.</summary>
    public const string PoolerPassword = "pool:er";

    private SwitchFixture(MoveShop shop, PgBouncerServer pooler, string atMost)
        : base(shop, "postgresql.switch-over", InputsOf(pooler, atMost)) => Pooler = pooler;

    public PgBouncerServer Pooler { get; }

    public override ImmutableArray<string> Secrets => [MovePair.Password, PoolerPassword];

    /// <summary>What services connect with.</summary>
    public string Endpoint => Pooler.ConnectionString(MovePair.Role, "shop");

    public static async Task<SwitchFixture> StartAsync(
        MovePair pair,
        CancellationToken ct,
        string atMost = "5s",
        string authentication = "scram-sha-256"
    )
    {
        var shop = await pair.OpenAsync(ct);
        var pooler = await PgBouncerServer.StartAsync(
            new PgBouncerOptions
            {
                Database = $"shop = host=127.0.0.1 port={pair.Old.Port} dbname={shop.Database}",
                Users = ImmutableSortedDictionary
                    .Create<string, string>(StringComparer.Ordinal)
                    .Add(MovePair.Role, MovePair.RolePassword)
                    .Add("belay", PoolerPassword),
                Administrator = "belay",
                Authentication = authentication,
            },
            ct
        );
        var fixture = new SwitchFixture(shop, pooler, atMost);
        await using var replicate = fixture.Change("postgresql.replicate", ReplicateTests.Inputs);
        await replicate.ApplyAsync();
        return fixture;
    }

    public override async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        (await base.SnapshotAsync(ct)).Add(
            $"file:{Pooler.ConfigurationFile}",
            await File.ReadAllTextAsync(Pooler.ConfigurationFile, ct)
        );

    public override async ValueTask DisposeAsync()
    {
        await Pooler.DisposeAsync();
        await base.DisposeAsync();
    }

    private static string InputsOf(PgBouncerServer pooler, string atMost) =>
        $$"""
            {
              "from": "old", "to": "new", "at-most": "{{atMost}}",
              "pooler": { "port": {{pooler.Port}}, "user": "belay", "password": { "$secret": "{{PoolerPassword}}" }, "database": "shop", "file": {{JsonSerializer.Serialize(
                pooler.ConfigurationFile
            )}} }
            }
            """;
}
