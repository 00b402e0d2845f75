using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

/// <summary>A proof of disuse over a cycle. A new instance of the check is what a restarted Belay has.</summary>
public sealed class IdleCycleTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private readonly string run = $"run-{Guid.NewGuid():N}";
    private RedisPair? pair;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => pair = await RedisPair.StartAsync(Ct);

    [Fact]
    public async Task What_was_watched_counts_on_after_a_restart_but_not_the_time_in_between()
    {
        TimeSpan first;
        await using (var check = Check("1h"))
        {
            await check.ObserveAsync(Ct);
            first = Watched(await check.ObserveAsync(Ct));
        }
        var away = TimeProvider.System.GetTimestamp();
        await Poll.UntilAsync(
            () => ValueTask.FromResult(TimeProvider.System.GetElapsedTime(away) > TimeSpan.FromSeconds(1)),
            TimeSpan.FromSeconds(10),
            Ct
        );
        await using var again = Check("1h");
        var back = TimeProvider.System.GetTimestamp();

        var second = Watched(await again.ObserveAsync(Ct));

        Assert.True(first >= TimeSpan.FromMilliseconds(150), $"{first} after two looks of 100 ms");
        Assert.InRange(second - first, TimeSpan.FromMilliseconds(50), TimeProvider.System.GetElapsedTime(back));
    }

    [Fact]
    public async Task It_holds_once_the_whole_cycle_was_watched_and_says_before_how_far_it_is()
    {
        await using var check = Check("300ms");

        var begin = check.Judge(await check.ObserveAsync(Ct));
        var end = begin;
        Assert.True(
            await Poll.UntilAsync(
                async () => (end = check.Judge(await check.ObserveAsync(Ct))) is Verdict.Holds,
                TimeSpan.FromSeconds(30),
                Ct
            ),
            $"{end}"
        );

        if (begin is Verdict.NotYet notYet)
            Assert.Contains("% of 300ms", notYet.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_command_while_nobody_looked_fails_it_and_it_begins_anew()
    {
        await using (var check = Check("1h"))
            await check.ObserveAsync(Ct);
        await using (var client = await pair!.OpenNewAsync(Ct))
            await client.CallAsync(Ct, "GET", "session:1");
        await using var again = Check("1h");

        var used = await again.ObserveAsync(Ct);
        var verdict = Assert.IsType<Verdict.Broken>(again.Judge(used));
        var anew = await again.ObserveAsync(Ct);

        Assert.Contains("1 get", verdict.Why, StringComparison.Ordinal);
        Assert.Contains("begin anew", verdict.Why, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, Watched(used));
        Assert.IsType<Verdict.NotYet>(again.Judge(anew));
        Assert.True(Watched(anew) > TimeSpan.Zero);
    }

    [Fact]
    public async Task Belay_itself_looking_at_the_server_in_between_does_not()
    {
        await using (var check = Check("1h"))
            await check.ObserveAsync(Ct);
        await using (var client = await pair!.OpenNewAsync(Ct))
        {
            await client.CallAsync(Ct, "INFO", "replication");
            await client.CallAsync(Ct, "CONFIG", "GET", "maxmemory");
            await client.CallAsync(Ct, "MODULE", "LIST");
        }
        await using var again = Check("1h");

        Assert.IsType<Verdict.NotYet>(again.Judge(await again.ObserveAsync(Ct)));
    }

    [Fact]
    public async Task A_restart_of_the_server_hides_what_ran_and_begins_the_cycle_anew()
    {
        TimeSpan before;
        await using (var check = Check("1h"))
        {
            await check.ObserveAsync(Ct);
            before = Watched(await check.ObserveAsync(Ct));
        }
        await pair!.New.StopAsync();
        await pair.New.StartAgainAsync(Ct);
        await using var again = Check("1h");

        var failure = await Assert.ThrowsAsync<OperationException>(async () => await again.ObserveAsync(Ct));
        var back = TimeProvider.System.GetTimestamp();
        var anew = Watched(await again.ObserveAsync(Ct));

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.True(before > TimeSpan.Zero);
        Assert.InRange(anew, TimeSpan.FromMilliseconds(50), TimeProvider.System.GetElapsedTime(back));
    }

    public async ValueTask DisposeAsync()
    {
        await pair!.DisposeAsync();
        folder.Dispose();
    }

    private BoundCheck Check(string over) =>
        ((CheckDefinition)TestProgram.Instance.Catalog.Find("redis.idle")!).Create(
            JsonElement.Parse($$"""{ "connection": "cache", "for": "100ms", "over": "{{over}}" }"""),
            new TestScope(
                folder.Folder("plan"),
                folder.Folder("run"),
                TestProgram.Instance.Processes,
                new Dictionary<string, object>(StringComparer.Ordinal) { ["cache"] = pair!.NewSettings }
            )
            {
                RunId = run,
            }
        );

    private static TimeSpan Watched(JsonElement state) =>
        Duration.TryParse(state.GetProperty("watched").GetString()!, out var time)
            ? time
            : throw new FormatException($"no duration in {state}");
}
