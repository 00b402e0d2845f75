using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

public sealed class CutOverOfManyContract : ChangeContract
{
    protected override int Kills => 2;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        await CutOverManyFixture.StartAsync(ct);
}

public sealed class CutOverManyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_services_are_switched_and_those_that_must_be_told_are_told_there_and_back()
    {
        await using var fixture = await CutOverManyFixture.StartAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);
        var (old, fresh) = ($"127.0.0.1:{fixture.Pair.Old.Port}", $"127.0.0.1:{fixture.Pair.New.Port}");

        await DrainAsync(change.ApplyAsync(before, Ct));
        Assert.Equal([fresh, fresh, $"redis://{fresh}/0"], fixture.Values());
        await DrainAsync(change.UndoAsync(before, null, Ct));

        Assert.Equal([old, old, $"redis://{old}/0"], fixture.Values());
        Assert.Equal([$"WORKER={fresh}", $"WORKER={old}"], fixture.Told());
        Assert.True(change.Same(before, await change.ObserveAsync(Ct)));
    }

    [Fact]
    public async Task A_service_that_could_not_be_told_keeps_the_step_open_and_is_told_by_the_next_attempt()
    {
        await using var fixture = await CutOverManyFixture.StartAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);
        fixture.Folder.Write("mute", "");

        var failure = await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.ApplyAsync(before, Ct)));
        await using var next = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var left = next.Plan(await next.ObserveAsync(Ct));
        File.Delete(fixture.Folder["mute"]);
        await DrainAsync(next.ApplyAsync(before, Ct));

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("worker.env ended with 3", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["services that read worker.env"], left.Lines.Select(line => line.What));
        Assert.True(next.Plan(await next.ObserveAsync(Ct)).IsEmpty);
        Assert.Equal([$"WORKER=127.0.0.1:{fixture.Pair.New.Port}"], fixture.Told());
    }

    [Fact]
    public async Task A_file_that_somebody_else_changed_meanwhile_is_left_alone_and_named()
    {
        await using var fixture = await CutOverManyFixture.StartAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);
        fixture.Folder.Write("plan/worker.env", "WORKER=elsewhere:1\n");

        var failure = await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.ApplyAsync(before, Ct)));

        Assert.Contains("worker.env names elsewhere:1", failure.Message, StringComparison.Ordinal);
        Assert.Equal("elsewhere:1", fixture.Values()[1]);
    }

    [Fact]
    public async Task A_state_that_an_earlier_version_journaled_is_compared_as_well()
    {
        await using var fixture = await CutOverFixture.StartAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var now = await change.ObserveAsync(Ct);
        var journaled = JsonNode.Parse(now.GetRawText())!.AsObject();
        Assert.True(journaled.Remove("other-endpoints"));
        Assert.True(journaled.Remove("not-reloaded"));

        Assert.True(change.Same(JsonElement.Parse(journaled.ToJsonString()), now));
    }

    [Theory]
    [InlineData("""{ "from": "old", "to": "new" }""", "switch")]
    [InlineData(
        """{ "from": "old", "to": "new", "switch": {"file":"f","key":"K"}, "switches": [{"file":"g","key":"K"}] }""",
        "switch"
    )]
    [InlineData(
        """{ "from": "old", "to": "new", "switches": [{"file":"f","key":"K"}, {"file":"f","key":"K"}] }""",
        "switches.1.key"
    )]
    [InlineData(
        """{ "from": "old", "to": "new", "switches": [{"file":"f","key":"K", "value":"a\nb"}] }""",
        "switches.0.value"
    )]
    public void Endpoints_that_make_no_sense_are_refused_where_they_stand(string inputs, string where)
    {
        var definition = TestProgram.Instance.Catalog.Find("redis.cut-over")!;

        Assert.Equal([where], definition.Validate(JsonElement.Parse(inputs)).Select(problem => problem.Member));
    }

    private static async Task DrainAsync(IAsyncEnumerable<Progress> work)
    {
        await foreach (var _ in work) { }
    }
}

/// <summary>A pair whose services read three lines of two files; one of them must be told, and says what it read then.</summary>
internal sealed class CutOverManyFixture : RedisFixture
{
    private CutOverManyFixture(RedisPair pair)
        : base(pair)
    {
        var old = $"127.0.0.1:{pair.Old.Port}";
        Folder.Write($"plan/{EndpointFile}", $"CACHE_ENDPOINT={old}\nCACHE_URL=redis://{old}/0\n");
        Folder.Write("plan/worker.env", $"WORKER={old}\n");
        Inputs = Json(
            $$"""
            {
              "from": "old",
              "to": "new",
              "at-most": "2s",
              "switches": [
                { "file": "cache.env", "key": "CACHE_ENDPOINT" },
                { "file": "worker.env", "key": "WORKER", "reload": ["sh", "-c", "test ! -e ../mute || exit 3; cat worker.env >> ../told"] },
                { "file": "cache.env", "key": "CACHE_URL", "value": "redis://127.0.0.1:{{pair.New.Port}}/0" }
              ]
            }
            """
        );
    }

    public override ChangeDefinition Definition => Change("redis.cut-over");

    public override JsonElement Inputs { get; }

    /// <summary>What services would read, in the order of the plan.</summary>
    public string[] Values() =>
        [Value(EndpointFile, "CACHE_ENDPOINT"), Value("worker.env", "WORKER"), Value(EndpointFile, "CACHE_URL")];

    /// <summary>What the service read each time that it was told.</summary>
    public string[] Told() => File.ReadAllLines(Folder["told"]);

    public static async Task<CutOverManyFixture> StartAsync(CancellationToken ct)
    {
        var pair = await StartPairAsync(ct);
        await pair.ReplicateAsync(ct);
        return new CutOverManyFixture(pair);
    }

    private string Value(string file, string key) =>
        File.ReadAllLines(Path.Combine(PlanFolder, file))
            .Single(line => line.StartsWith($"{key}=", StringComparison.Ordinal))[(key.Length + 1)..];
}
