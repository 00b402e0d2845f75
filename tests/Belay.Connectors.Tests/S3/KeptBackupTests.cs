using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.S3;
using Belay.Connectors.Tests.PostgreSql;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.S3;

/// <summary>A backup that is kept in a bucket, and restored from there when the machine that made it is gone.</summary>
[Collection(PostgresTests.Name)]
public sealed class KeptBackupTests(SharedPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_of_PostgreSQL_comes_back_out_of_a_bucket_and_is_restored_by_its_description()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        using var shop = await Shop.OpenAsync(postgres);
        await ApplyAsync(shop, buckets, "here", "postgresql.backup", """{ "connection": "db", "to": "shop.dump" }""");
        var archive = await KeepAsync(shop, buckets, "shop.dump");
        var description = await KeepAsync(shop, buckets, "shop.dump.belay.json");

        await FetchAsync(shop, buckets, "shop.dump", archive);
        await FetchAsync(shop, buckets, "shop.dump.belay.json", description);
        var restored = await ApplyAsync(
            shop,
            buckets,
            "there",
            "postgresql.restore",
            $$"""{ "connection": "db", "from": "shop.dump", "into": "{{shop.Database}}_belay_again" }"""
        );

        Assert.True(restored.GetProperty("restored").GetBoolean());
        Assert.True(restored.TryGetProperty("taken-at", out _));
    }

    [Fact]
    public async Task What_is_not_as_it_was_put_there_does_not_come_out_of_it()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        using var shop = await Shop.OpenAsync(postgres, orders: 1);
        shop.Folder.Write("here/note", "as it was");
        var kept = await KeepAsync(shop, buckets, "note");
        await Buckets.WriteAsync(buckets.To, "kept/note", "something else", Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            FetchAsync(shop, buckets, "note", kept, version: "")
        );
        Assert.Contains("not what was put there", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(shop.Folder["there"]));

        // The version that was put there is still the one.
        await FetchAsync(shop, buckets, "note", kept);
        Assert.Equal("as it was", await File.ReadAllTextAsync(shop.Folder["there/note"], Ct));
    }

    [Fact]
    public async Task An_object_of_which_nobody_noted_what_it_holds_is_not_fetched_unproven()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        using var shop = await Shop.OpenAsync(postgres, orders: 1);
        await Buckets.WriteAsync(buckets.To, "kept/stray", "by hand", Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            ApplyAsync(shop, buckets, "there", "s3.get", """{ "from": "vault", "key": "kept/stray", "to": "stray" }""")
        );

        Assert.Contains("sha256", failure.Message, StringComparison.Ordinal);
    }

    private static Task<JsonElement> KeepAsync(Shop shop, Buckets buckets, string file) =>
        ApplyAsync(
            shop,
            buckets,
            "here",
            "s3.put",
            $$"""{ "file": "{{file}}", "to": "vault", "key": "kept/{{file}}" }"""
        );

    private static Task<JsonElement> FetchAsync(
        Shop shop,
        Buckets buckets,
        string file,
        JsonElement kept,
        string? version = null
    ) =>
        ApplyAsync(
            shop,
            buckets,
            "there",
            "s3.get",
            version is null
                ? $$"""{ "from": "vault", "key": "kept/{{file}}", "to": "{{file}}", "version": {{kept.GetProperty("version")
                    .GetRawText()}} }"""
                : $$"""{ "from": "vault", "key": "kept/{{file}}", "to": "{{file}}", "sha256": {{kept.GetProperty("stored")
                    .GetRawText()}} }"""
        );

    private static async Task<JsonElement> ApplyAsync(
        Shop shop,
        Buckets buckets,
        string folder,
        string operation,
        string inputs
    )
    {
        var scope = new TestScope(
            shop.Folder.Folder(folder),
            shop.Folder.Folder("run"),
            TestProgram.Instance.Processes,
            ImmutableDictionary<string, object>.Empty.Add("db", shop.Settings).Add("vault", buckets.To)
        );
        await using var change = ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(
            JsonElement.Parse(inputs),
            scope
        );
        await change.ApplyAsync();
        var after = await change.ObserveAsync(Ct);
        Assert.True(change.Plan(after).IsEmpty);
        return after;
    }
}
