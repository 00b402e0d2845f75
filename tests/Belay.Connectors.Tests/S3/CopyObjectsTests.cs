using Belay.Connectors.S3;
using Belay.Domain.Contract;

namespace Belay.Connectors.Tests.S3;

/// <summary>What is special to copies of buckets.</summary>
public sealed class CopyObjectsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Versions_deletions_metadata_and_odd_names_arrive_in_their_order()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        await Buckets.FillAsync(buckets.From, Ct);

        await ApplyAsync(buckets, """{ "from": "old", "to": "new" }""");

        using var to = new S3Client(buckets.To, TimeProvider.System);
        var history = await to.HistoryAsync("orders/1.json", Ct);
        Assert.Equal(["first", "second"], await Task.WhenAll(history.Select(v => TextAsync(to, v))));
        Assert.Equal([false, true], (await to.HistoryAsync("orders/gone.json", Ct)).Select(v => v.IsDeletion));
        var head = await to.HeadAsync("orders/a b+c&d=ü.json", null, Ct);
        Assert.Equal("shop", head!.Headers["x-amz-meta-owner"]);
        Assert.Equal("text/plain", head.Headers["content-type"]);
        Assert.IsType<Verdict.Holds>(await SameAsync(buckets));
    }

    [Fact]
    public async Task What_is_written_to_the_source_meanwhile_is_copied_by_applying_again()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        await Buckets.FillAsync(buckets.From, Ct);
        await ApplyAsync(buckets, """{ "from": "old", "to": "new" }""");
        await Buckets.WriteAsync(buckets.From, "orders/1.json", "third", Ct);
        Assert.IsType<Verdict.NotYet>(await SameAsync(buckets));

        await ApplyAsync(buckets, """{ "from": "old", "to": "new" }""");

        Assert.IsType<Verdict.Holds>(await SameAsync(buckets));
    }

    [Fact]
    public async Task What_lies_in_the_target_is_not_written_over()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        await Buckets.FillAsync(buckets.From, Ct);
        await Buckets.WriteAsync(buckets.To, "orders/1.json", "precious", Ct);
        var before = await Buckets.SnapshotAsync("new", buckets.To, Ct);

        var refusal = await Assert.ThrowsAsync<OperationException>(() =>
            ApplyAsync(buckets, """{ "from": "old", "to": "new" }""")
        );

        Assert.Equal(FailureKind.Refused, refusal.Kind);
        Assert.Contains("orders/1.json", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Buckets.SnapshotAsync("new", buckets.To, Ct));
    }

    [Fact]
    public async Task Taken_back_it_leaves_what_others_wrote_since()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        await Buckets.FillAsync(buckets.From, Ct);
        await using var fixture = new CopyBetween(buckets.From, buckets.To, """{ "from": "old", "to": "new" }""");
        var before = await fixture.ApplyAsync(Ct);
        await Buckets.WriteAsync(buckets.To, "orders/1.json", "by a customer", Ct);

        await fixture.UndoAsync(before, Ct);

        using var to = new S3Client(buckets.To, TimeProvider.System);
        var left = Assert.Single(await to.HistoryAsync("orders/1.json", Ct));
        Assert.Equal("by a customer", await TextAsync(to, left));
        Assert.Empty(await to.HistoryAsync("other/2.json", Ct));
    }

    [Fact]
    public async Task Several_versions_are_not_squeezed_into_a_bucket_that_keeps_one()
    {
        await using var versioned = await Buckets.StartAsync(Ct);
        await using var plain = await Buckets.StartAsync(Ct, versions: false);
        await Buckets.FillAsync(versioned.From, Ct);
        await using var fixture = new CopyBetween(versioned.From, plain.To, """{ "from": "old", "to": "new" }""");

        var refusal = await Assert.ThrowsAsync<OperationException>(() => fixture.ApplyAsync(Ct));

        Assert.Contains("versions: latest", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Between_two_services_content_goes_through_in_parts()
    {
        await using var left = await Buckets.StartAsync(Ct);
        await using var right = await Buckets.StartAsync(Ct);
        var large = new string('x', 33 * 1024 * 1024);
        await Buckets.WriteAsync(left.From, "large", large, Ct);
        await Buckets.WriteAsync(left.From, "small", "x", Ct);
        await using var fixture = new CopyBetween(left.From, right.To, """{ "from": "old", "to": "new" }""");

        await fixture.ApplyAsync(Ct);

        await using var check = fixture.Same.Create(fixture.Inputs, fixture.NewScope());
        Assert.IsType<Verdict.Holds>(check.Judge(await check.ObserveAsync(Ct)));
    }

    [Fact]
    public async Task A_wrong_secret_is_told_without_it()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        var wrong = buckets.From with { Bucket = "belay-nobody-has-this" };
        using var client = new S3Client(wrong, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<OperationException>(() => client.IsVersionedAsync(Ct));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.DoesNotContain(Buckets.Secret, failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task ApplyAsync(Buckets buckets, string inputs)
    {
        await using var fixture = new CopyBetween(buckets.From, buckets.To, inputs);
        await fixture.ApplyAsync(Ct);
    }

    private static async Task<Verdict> SameAsync(Buckets buckets)
    {
        await using var fixture = new CopyBetween(buckets.From, buckets.To, """{ "from": "old", "to": "new" }""");
        await using var check = fixture.Same.Create(fixture.Inputs, fixture.NewScope());
        return check.Judge(await check.ObserveAsync(Ct));
    }

    private static async Task<string> TextAsync(S3Client client, ObjectVersion version) =>
        System.Text.Encoding.UTF8.GetString(await client.ReadAsync(version.Key, version.Version, 0, version.Size, Ct));
}
