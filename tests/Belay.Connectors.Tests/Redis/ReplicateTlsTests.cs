using System.Text.Json;
using Belay.Connectors.Redis;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

/// <summary>A target that knew nothing of TLS, given all files by the step.</summary>
public sealed class ReplicateTlsContract : ChangeContract
{
    protected override int Kills => 1;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        await ReplicateTlsFixture.StartAsync(tls => $$"""{ "ca": "{{tls.Ca}}", {{Own(tls)}} }""", [], ct);

    internal static string Own(RedisTls tls) =>
        $"\"certificate\": \"{tls.Own.Certificate}\", \"key\": \"{tls.Own.Key}\"";
}

public sealed class ReplicateTlsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replication_over_tls_is_cut_over_and_comes_back_without_a_lost_write()
    {
        await using var fixture = await ReplicateTlsFixture.StartAsync(null, tls => Configuration(tls), Ct);
        await using var replicate = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await replicate.ObserveAsync(Ct);
        await DrainAsync(replicate.ApplyAsync(before, Ct));
        fixture.Folder.Write("plan/cache.env", $"CACHE_ENDPOINT=127.0.0.1:{fixture.Pair.OldSettings.Port}\n");
        await using var cutOver = CutOver(fixture);
        var uncut = await cutOver.ObserveAsync(Ct);

        await DrainAsync(cutOver.ApplyAsync(uncut, Ct));
        await using (var writer = await fixture.Pair.OpenNewAsync(Ct))
            await writer.CallAsync(Ct, "SET", "written on the new one", "1");
        await DrainAsync(cutOver.UndoAsync(uncut, null, Ct));

        await using var old = await fixture.Pair.OpenOldAsync(Ct);
        await using var fresh = await fixture.Pair.OpenNewAsync(Ct);
        Assert.Equal("1", (await old.CallAsync(Ct, "GET", "written on the new one")).AsText());
        Assert.Equal("yes", (await fresh.CallAsync(Ct, "CONFIG", "GET", "tls-replication")).AsTexts()[1]);
        await DrainAsync(replicate.UndoAsync(before, null, Ct));
        Assert.True(replicate.Same(before, await replicate.ObserveAsync(Ct)));
        Assert.Equal("no", (await fresh.CallAsync(Ct, "CONFIG", "GET", "tls-replication")).AsTexts()[1]);
        Assert.Equal("", (await fresh.CallAsync(Ct, "CONFIG", "GET", "masteruser")).AsTexts()[1]);
    }

    [Theory]
    [InlineData(false, "trusts no authority")]
    [InlineData(true, "has no certificate of its own")]
    public async Task Without_what_tls_needs_it_is_refused_before_it_begins(bool hasCa, string why)
    {
        await using var fixture = await ReplicateTlsFixture.StartAsync(
            hasCa ? tls => $$"""{ "ca": "{{tls.Ca}}" }""" : null,
            [],
            Ct
        );
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.ApplyAsync(before, Ct)));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.Contains(change.Plan(before).Lines, line => line.To!.Contains(why, StringComparison.Ordinal));
        Assert.Equal(
            before.GetProperty("to").GetRawText(),
            (await change.ObserveAsync(Ct)).GetProperty("to").GetRawText()
        );
    }

    [Fact]
    public async Task A_source_of_an_authority_that_the_target_does_not_trust_is_not_copied()
    {
        await using var fixture = await ReplicateTlsFixture.StartAsync(
            tls => $$"""{ "ca": "{{tls.OtherCa}}", {{ReplicateTlsContract.Own(tls)}} }""",
            [],
            Ct,
            ", \"at-most\": \"2s\""
        );
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.ApplyAsync(before, Ct)));
        await DrainAsync(change.UndoAsync(before, null, Ct));

        Assert.Contains("certificate", failure.Message, StringComparison.Ordinal);
        await using var fresh = await fixture.Pair.OpenNewAsync(Ct);
        Assert.Equal(0, (await fresh.CallAsync(Ct, "DBSIZE")).AsNumber());
        Assert.True(change.Same(before, await change.ObserveAsync(Ct)));
    }

    private static string[] Configuration(RedisTls tls) =>
        [$"tls-ca-cert-file {tls.Ca}", $"tls-cert-file {tls.Own.Certificate}", $"tls-key-file {tls.Own.Key}"];

    private static BoundChange CutOver(RedisFixture fixture) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find("redis.cut-over")!).Create(
            JsonElement.Parse(
                """{ "from": "old", "to": "new", "switch": { "file": "cache.env", "key": "CACHE_ENDPOINT" } }"""
            ),
            fixture.NewScope()
        );

    private static async Task DrainAsync(IAsyncEnumerable<Progress> work)
    {
        await foreach (var _ in work) { }
    }
}

internal sealed class ReplicateTlsFixture(RedisPair pair, string? tls, string more) : RedisFixture(pair)
{
    public override ChangeDefinition Definition => Change("redis.replicate");

    public override JsonElement Inputs { get; } =
        Json($$"""{ "from": "old", "to": "new"{{(tls is null ? "" : $", \"tls\": {tls}")}}{{more}} }""");

    /// <summary>A pair whose old server speaks TLS and holds keys.</summary>
    public static Task<ReplicateTlsFixture> StartAsync(
        Func<RedisTls, string>? tls,
        string[] configuration,
        CancellationToken ct,
        string more = ""
    ) => StartAsync(tls, _ => configuration, ct, more);

    /// <inheritdoc cref="StartAsync(Func{RedisTls, string}?, string[], CancellationToken, string)"/>
    public static async Task<ReplicateTlsFixture> StartAsync(
        Func<RedisTls, string>? tls,
        Func<RedisTls, string[]> configuration,
        CancellationToken ct,
        string more = ""
    )
    {
        var files = new RedisTls();
        var pair = await RedisPair.StartTlsAsync(files, ct, [.. configuration(files)]);
        await using var old = await pair.OpenOldAsync(ct);
        await RedisPair.AddSessionsAsync(old, 300, ct);
        await RedisPair.AddEveryTypeAsync(old, ct);
        return new ReplicateTlsFixture(pair, tls?.Invoke(files), more);
    }
}
