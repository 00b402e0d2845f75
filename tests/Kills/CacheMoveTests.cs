using Belay.Domain.Journal;
using Belay.Parts;

namespace Kills;

/// <summary>The example plan from Redis to Valkey: forward, back, killed in the middle, with services writing.</summary>
public sealed class CacheMoveTests
{
    private const int Done = 0;
    private const int Halted = 4;
    private const int WaitingForPeople = 5;
    private const int RolledBack = 6;
    private static readonly string[] Run =
    [
        "run",
        "upgrade.yaml",
        "--run",
        CacheMove.Name,
        "--by",
        "test",
        "--no-wait",
    ];
    private static readonly string[] Resume = ["resume", CacheMove.Name, "--by", "test", "--no-wait"];
    private static readonly string[] Approve = ["approve", "agreed", CacheMove.Name, "--by", "jana"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_three_times_on_the_way_there_it_ends_with_the_old_server_stopped_and_no_write_lost()
    {
        await using var move = await CacheMove.StartAsync("3s", Ct);

        await move.KillAsync(happened => happened is Intent { Step: "replicate" }, Ct, Run);
        await move.KillAsync(happened => happened is Intent { Step: "cut-over" }, Ct, Resume);
        await move.WriteMoreAsync(Ct);
        await move.KillAsync(happened => happened is Checked { Step: "unused" }, Ct, Resume);
        Expect(WaitingForPeople, await move.CallAsync(Ct, Resume));
        Expect(Done, await move.CallAsync(Ct, Approve));
        Expect(Done, await move.CallAsync(Ct, Resume));

        Assert.Equal([$"CACHE_ENDPOINT={move.New.Endpoint}"], move.Told.Distinct());
        await move.AssertWriterOfRecordAsync(move.New, Ct);
        await Assert.ThrowsAnyAsync<Exception>(() => RedisWire.OpenAsync(move.Old.Endpoint, null, Ct));
    }

    [Fact]
    public async Task As_it_stands_for_production_lint_has_nothing_against_it()
    {
        await using var move = await CacheMove.StartAsync("1s", Ct);

        Expect(Done, await move.CallAsync(Ct, "lint", "upgrade.yaml", "--env", "production"));
    }

    [Fact]
    public async Task Rolled_back_and_killed_on_the_way_the_old_server_has_every_write_and_the_new_one_is_empty()
    {
        await using var move = await CacheMove.StartAsync("1s", Ct);
        Expect(WaitingForPeople, await move.CallAsync(Ct, Run));
        await move.WriteMoreAsync(Ct);

        await move.KillAsync(
            happened => happened is UndoIntent { Step: "cut-over" },
            Ct,
            "rollback",
            CacheMove.Name,
            "--by",
            "test"
        );
        await move.WriteMoreAsync(Ct);
        Expect(RolledBack, await move.CallAsync(Ct, Resume));

        Assert.Equal(
            [$"CACHE_ENDPOINT={move.New.Endpoint}", $"CACHE_ENDPOINT={move.Old.Endpoint}"],
            move.Told.Distinct()
        );
        Assert.Equal("0", await move.New.CommandAsync("DBSIZE"));
        await move.AssertWriterOfRecordAsync(move.Old, Ct);
    }

    [Fact]
    public async Task The_cycle_counts_on_after_a_kill_but_not_the_time_in_which_belay_was_dead()
    {
        await using var move = await CacheMove.StartAsync("1h", Ct);
        var killed = await move.WatchAsync(() => Is(move.Watched >= TimeSpan.FromSeconds(3)), Ct, Run);
        var first = move.Watched!.Value;
        var dead = TimeProvider.System.GetTimestamp();
        await Poll.UntilAsync(
            () => Is(TimeProvider.System.GetElapsedTime(dead) > TimeSpan.FromSeconds(3)),
            TimeSpan.FromSeconds(10),
            Ct
        );

        var resumed = TimeProvider.System.GetTimestamp();
        await move.WatchAsync(() => Is(move.Watched != first), Ct, Resume);
        var second = move.Watched!.Value;

        Assert.True(killed.ExitCode is null, killed.Said);
        Assert.True(second > first, $"{second} after {first}: the cycle began anew");
        Assert.True(
            second - first <= TimeProvider.System.GetElapsedTime(resumed),
            $"{second} after {first}: time counts in which nobody looked"
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_command_on_the_old_server_fails_the_cycle_also_while_belay_is_dead(bool isDead)
    {
        await using var move = await CacheMove.StartAsync("4s", Ct);
        if (isDead)
            await move.KillAsync(happened => happened is Checked { Step: "unused" }, Ct, Run);
        var isSent = false;
        async ValueTask<bool> SendAsync()
        {
            if (!isSent && move.Watched > TimeSpan.Zero)
            {
                isSent = true;
                await move.Old.CommandAsync("GET", "key:1");
            }
            return false;
        }
        if (isDead)
            await SendAsync();

        var ended = await move.WatchAsync(SendAsync, Ct, isDead ? Resume : Run);

        Expect(Halted, ended);
        Assert.True(isSent);
        Assert.Equal(TimeSpan.Zero, move.Watched);
        var failed = move.Events().OfType<StepFailed>().Single();
        Assert.Equal("unused", failed.Step);
        Assert.Contains("1 get", failed.Why, StringComparison.Ordinal);
        Expect(WaitingForPeople, await move.CallAsync(Ct, Resume));
        Assert.True(move.Watched >= TimeSpan.FromSeconds(4));
        await move.AssertWriterOfRecordAsync(move.New, Ct);
    }

    private static ValueTask<bool> Is(bool so) => ValueTask.FromResult(so);

    private static void Expect(int exitCode, Ended ended) => Assert.True(ended.ExitCode == exitCode, ended.Said);
}
