using System.Text;
using Belay.Connectors.S3;
using Belay.Domain.Contract;

namespace Belay.Connectors.Tests.S3;

/// <summary>Copies that are taken back: several of them, and with what was written since.</summary>
public sealed class CopyBackTests
{
    private const string Copy = """{ "from": "old", "to": "new" }""";
    private const string CopyAndBack = """{ "from": "old", "to": "new", "carry-back": true }""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_copy_taken_back_leaves_what_the_first_one_made()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        await Buckets.FillAsync(buckets.From, Ct);
        await using var first = new CopyBetween(buckets.From, buckets.To, Copy);
        await using var second = new CopyBetween(buckets.From, buckets.To, Copy);
        var empty = await first.ApplyAsync(Ct);
        var copied = await Buckets.SnapshotAsync("new", buckets.To, Ct);
        await Buckets.WriteAsync(buckets.From, "orders/1.json", "third", Ct);
        await Buckets.WriteAsync(buckets.From, "orders/late.json", "late", Ct);

        await second.UndoAsync(await second.ApplyAsync(Ct), Ct);
        Assert.Equal(copied, await Buckets.SnapshotAsync("new", buckets.To, Ct));
        await first.UndoAsync(empty, Ct);
        Assert.Empty(await Buckets.SnapshotAsync("new", buckets.To, Ct));
    }

    [Fact]
    public async Task What_was_written_to_the_target_since_is_led_back_with_its_versions_and_deletions()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        await Buckets.FillAsync(buckets.From, Ct);
        await using var fixture = new CopyBetween(buckets.From, buckets.To, CopyAndBack);
        var before = await fixture.ApplyAsync(Ct);
        await Buckets.WriteAsync(buckets.To, "orders/1.json", "third", Ct);
        await Buckets.WriteAsync(buckets.To, "orders/1.json", "fourth", Ct);
        await Buckets.WriteAsync(buckets.To, "orders/new.json", "new", Ct);
        await Buckets.DeleteAsync(buckets.To, "orders/empty", Ct);

        await fixture.UndoAsync(before, Ct);

        Assert.Empty(await Buckets.SnapshotAsync("new", buckets.To, Ct));
        Assert.Equal(["first", "second", "third", "fourth"], await TextsAsync(buckets.From, "orders/1.json"));
        Assert.Equal(["new"], await TextsAsync(buckets.From, "orders/new.json"));
        using var from = new S3Client(buckets.From, TimeProvider.System);
        Assert.True((await from.HistoryAsync("orders/empty", Ct))[^1].IsDeletion);
        Assert.Equal("shop", (await from.HeadAsync("orders/new.json", null, Ct))!.Headers["x-amz-meta-owner"]);
    }

    [Fact]
    public async Task A_key_that_both_buckets_were_given_something_else_under_is_not_settled_by_chance()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        await Buckets.FillAsync(buckets.From, Ct);
        await using var fixture = new CopyBetween(buckets.From, buckets.To, CopyAndBack);
        var before = await fixture.ApplyAsync(Ct);
        await Buckets.WriteAsync(buckets.To, "orders/1.json", "in the new one", Ct);
        await Buckets.WriteAsync(buckets.From, "orders/1.json", "in the old one", Ct);

        var refusal = await Assert.ThrowsAsync<OperationException>(() => fixture.UndoAsync(before, Ct));

        Assert.Contains("orders/1.json", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("in the new one", (await TextsAsync(buckets.To, "orders/1.json"))[^1]);
        Assert.Equal("in the old one", (await TextsAsync(buckets.From, "orders/1.json"))[^1]);
    }

    private static async Task<string[]> TextsAsync(S3Settings bucket, string key)
    {
        using var client = new S3Client(bucket, TimeProvider.System);
        var texts = new List<string>();
        foreach (var version in await client.HistoryAsync(key, Ct))
            texts.Add(Encoding.UTF8.GetString(await client.ReadAsync(key, version.Version, 0, version.Size, Ct)));
        return [.. texts];
    }
}
