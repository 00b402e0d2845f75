using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Belay.Connectors.Tests.Files;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.S3;

public sealed class CopyObjectsContract : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var buckets = await Buckets.StartAsync(ct);
        await Buckets.FillAsync(buckets.From, ct);
        return new BucketChange(buckets, "s3.copy", """{ "from": "old", "to": "new", "prefix": "orders/" }""");
    }
}

public sealed class PutObjectContract : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var fixture = new BucketChange(
            await Buckets.StartAsync(ct),
            "s3.put",
            """{ "file": "orders.dump", "to": "new", "key": "backups/orders.dump" }"""
        );
        await File.WriteAllTextAsync(Path.Combine(fixture.PlanFolder, "orders.dump"), "a backup", ct);
        return fixture;
    }
}

public sealed class GetObjectContract : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var buckets = await Buckets.StartAsync(ct);
        await Buckets.WriteAsync(buckets.To, "backups/orders.dump", "a backup", ct);
        var hash = Convert.ToHexStringLower(SHA256.HashData("a backup"u8));
        return new BucketChange(
            buckets,
            "s3.get",
            $$"""{ "from": "new", "key": "backups/orders.dump", "sha256": "{{hash}}", "to": "orders.dump" }"""
        );
    }
}

public sealed class SameObjectsContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct)
    {
        var buckets = await Buckets.StartAsync(ct);
        await Buckets.FillAsync(buckets.From, ct);
        await Buckets.FillAsync(buckets.To, ct);
        return new BucketCheck(buckets);
    }
}

/// <summary>A change between two buckets.</summary>
internal sealed class BucketChange(Buckets buckets, string operation, string inputs) : ChangeFixture
{
    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => (ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; } = Json(inputs);

    public override IReadOnlyDictionary<string, object> Connections => BucketCheck.ConnectionsOf(buckets);

    public override ImmutableArray<string> Secrets => [Buckets.Secret];

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        BucketCheck.SnapshotAsync(buckets, PlanFolder, ct);

    public override async ValueTask DisposeAsync()
    {
        await buckets.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>A comparison of two buckets.</summary>
internal sealed class BucketCheck(Buckets buckets) : CheckFixture
{
    public override KitProgram Program => TestProgram.Instance;

    public override CheckDefinition Definition => (CheckDefinition)TestProgram.Instance.Catalog.Find("s3.same")!;

    public override JsonElement Inputs { get; } = Json("""{ "from": "old", "to": "new" }""");

    public override IReadOnlyDictionary<string, object> Connections => ConnectionsOf(buckets);

    public override ImmutableArray<string> Secrets => [Buckets.Secret];

    public override async ValueTask BreakAsync(CancellationToken ct) =>
        await Buckets.WriteAsync(buckets.To, "orders/1.json", "third", ct);

    public override async ValueTask TakeAwayAsync(CancellationToken ct) => await buckets.StopAsync();

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        SnapshotAsync(buckets, PlanFolder, ct);

    public override async ValueTask DisposeAsync()
    {
        await buckets.DisposeAsync();
        await base.DisposeAsync();
    }

    public static IReadOnlyDictionary<string, object> ConnectionsOf(Buckets buckets) =>
        new Dictionary<string, object>(StringComparer.Ordinal) { ["old"] = buckets.From, ["new"] = buckets.To };

    public static async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(
        Buckets buckets,
        string folder,
        CancellationToken ct
    ) =>
        FileSnapshot
            .Of(folder)
            .SetItems(await Buckets.SnapshotAsync("old", buckets.From, ct))
            .SetItems(await Buckets.SnapshotAsync("new", buckets.To, ct));
}
