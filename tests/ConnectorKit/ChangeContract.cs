using System.Text.Json;
using Belay.Domain.Contract;
using Xunit;

namespace ConnectorKit;

/// <summary>What every change must keep. A connector's test derives from it and says how to start the system.</summary>
/// <remarks>See docs/guide/add-an-operation.md.</remarks>
public abstract class ChangeContract
{
    private const int Seed = 42;
    private const int MostTellings = 5;

    /// <summary>Cancels when the test run is stopped.</summary>
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>How many moments of SIGKILL are tried, each on a system of its own. Default 3.</summary>
    protected virtual int Kills => 3;

    /// <summary>Starts the system, the change not done yet.</summary>
    protected abstract Task<ChangeFixture> StartAsync(CancellationToken ct);

    [Fact]
    public async Task Observing_changes_nothing_and_says_the_same_twice()
    {
        await using var fixture = await StartAsync(Ct);
        await using var attempt = new Attempt(fixture, Ct);
        var live = await fixture.SnapshotAsync(Ct);

        var first = await attempt.ObserveAsync();
        var second = await attempt.ObserveAsync();

        Assert.True(attempt.Change.Same(first, second), "two observations in a row differ");
        Assertions.Unchanged(live, await fixture.SnapshotAsync(Ct));
    }

    [Fact]
    public async Task Before_it_is_applied_something_is_left_to_do()
    {
        await using var fixture = await StartAsync(Ct);
        await using var attempt = new Attempt(fixture, Ct);

        var difference = attempt.Change.Plan(await attempt.ObserveAsync());

        Assert.False(difference.IsEmpty, "nothing is left to do before the change was applied");
        Assert.True(
            difference.Reversal <= fixture.Definition.Reversal,
            $"the difference says {difference.Reversal}, weaker than the {fixture.Definition.Reversal} of the definition"
        );
    }

    [Fact]
    public async Task What_its_definition_says_of_repeating_is_what_the_change_says()
    {
        await using var fixture = await StartAsync(Ct);
        await using var attempt = new Attempt(fixture, Ct);

        Assert.Equal(attempt.Change.Repeat, fixture.Definition.RepeatOf(fixture.Inputs));
    }

    [Fact]
    public async Task Applied_nothing_is_left_to_do_and_only_what_it_declares_was_touched()
    {
        await using var fixture = await StartAsync(Ct);
        await using var attempt = new Attempt(fixture, Ct);
        var live = await fixture.SnapshotAsync(Ct);

        await ApplyAsync(attempt);

        var touches = fixture.Definition.TouchesOf(fixture.Inputs);
        Assertions.OnlyDeclared(live, await fixture.SnapshotAsync(Ct), touches);
        await AssertEffectsAsync(fixture, 1);
    }

    [Fact]
    public async Task Applied_again_it_has_no_second_effect()
    {
        await using var fixture = await StartAsync(Ct);
        await using var attempt = new Attempt(fixture, Ct);
        var (before, after) = await ApplyAsync(attempt);
        var live = await fixture.SnapshotAsync(Ct);

        await using var again = new Attempt(fixture, Ct, attempt.Checkpoint);
        Assert.True(
            again.Change.Plan(await again.ObserveAsync()).IsEmpty,
            "another instance finds something left to do"
        );
        Assertions.Unchanged(live, await fixture.SnapshotAsync(Ct));
        await AssertEffectsAsync(fixture, 1);

        if (again.Change.Repeat == Repeat.Safe)
        {
            await again.ApplyAsync(before);
            Assert.True(again.Change.Same(after, await again.ObserveAsync()), "repeated, it leads to another state");
        }
    }

    [Fact]
    public async Task Undone_it_is_as_before_also_when_undone_twice_and_can_be_applied_again()
    {
        await using var fixture = await StartAsync(Ct);
        await using var attempt = new Attempt(fixture, Ct);
        if (!CanUndo(fixture))
            return;
        var (before, after) = await ApplyAsync(attempt);

        await attempt.UndoAsync(before, after);
        Assert.True(attempt.Change.Same(before, await attempt.ObserveAsync()), "undone, it is not as before");

        await using var second = new Attempt(fixture, Ct, attempt.Checkpoint);
        await second.UndoAsync(before, after);
        Assert.True(second.Change.Same(before, await second.ObserveAsync()), "undone twice, it is not as before");

        await ApplyAsync(second);
    }

    [Fact]
    public async Task Left_at_any_telling_it_is_finished_by_another_instance()
    {
        foreach (var left in await TellingsAsync())
        {
            await using var fixture = await StartAsync(Ct);
            await using var crashed = new Attempt(fixture, Ct);
            var before = await crashed.ObserveAsync();
            await crashed.LeaveApplyAsync(before, left);

            await using var next = new Attempt(fixture, Ct, crashed.Checkpoint);
            await AssertFinishedAsync(fixture, next, before, $"left at telling {left}");
        }
    }

    [Fact]
    public async Task Killed_at_seeded_moments_it_is_finished_by_another_instance()
    {
        var whole = await MeasureAsync();
        var random = new Random(Seed);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var fixture = await StartAsync(Ct);
            var before = await ObserveAsync(fixture);
            var moment = whole * random.NextDouble();
            await KilledChild.RunAsync(fixture, before, moment, Ct);

            await using var next = new Attempt(fixture, Ct);
            await AssertFinishedAsync(
                fixture,
                next,
                before,
                $"killed {moment.TotalMilliseconds:0.0} ms after its begin"
            );
        }
    }

    [Fact]
    public async Task Left_at_any_telling_of_its_apply_or_undo_it_can_be_taken_back()
    {
        foreach (var left in await TellingsAsync())
        {
            await using var fixture = await StartAsync(Ct);
            if (!CanUndo(fixture))
                return;
            await using var crashed = new Attempt(fixture, Ct);
            var before = await crashed.ObserveAsync();
            await crashed.LeaveApplyAsync(before, left);

            await using var undoing = new Attempt(fixture, Ct, crashed.Checkpoint);
            await undoing.LeaveUndoAsync(before, null, 1);
            await using var next = new Attempt(fixture, Ct, undoing.Checkpoint);
            await next.UndoAsync(before, null);

            Assert.True(
                next.Change.Same(before, await next.ObserveAsync()),
                $"left at telling {left} and undone, it is not as before"
            );
        }
    }

    [Fact]
    public async Task Its_states_survive_the_journal_and_hold_no_secret_in_the_clear()
    {
        await using var fixture = await StartAsync(Ct);
        await using var attempt = new Attempt(fixture, Ct);

        var (before, after) = await ApplyAsync(attempt);

        Assertions.Journalable(fixture.Definition, before, fixture.Secrets);
        Assertions.Journalable(fixture.Definition, after, fixture.Secrets);
        var lines = attempt.Change.Plan(before).Lines.Select(l => $"{l.What} {l.From} {l.To}");
        Assert.All(lines, l => Assert.DoesNotContain(fixture.Secrets, s => l.Contains(s, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_input_that_it_does_not_know_is_refused()
    {
        await using var fixture = await StartAsync(Ct);

        Assertions.RefusesUnknownInput(fixture.Definition, fixture.Inputs);
    }

    [Fact]
    public async Task A_backup_brings_back_what_was_written_since()
    {
        await using var fixture = await StartAsync(Ct);
        await using var attempt = new Attempt(fixture, Ct);
        Assert.Equal(fixture.Definition.IsBackup, attempt.Change.Backup is not null);
        if (attempt.Change.Backup is not { } backup)
            return;
        var (_, after) = await ApplyAsync(attempt);
        Assert.IsType<Verdict.Holds>(await backup.VerifyRestoredAsync(after, Ct));

        await fixture.WriteAfterBackupAsync(Ct);
        Assert.IsNotType<Verdict.Holds>(await backup.VerifyRestoredAsync(after, Ct));
        Assert.NotEqual(0, (await backup.CountLossAsync(after, Ct)).Count);

        for (var time = 1; time <= 2; time++)
        {
            await foreach (var _ in backup.RestoreAsync(after, Ct)) { }
            Assert.IsType<Verdict.Holds>(await backup.VerifyRestoredAsync(after, Ct));
        }
    }

    /// <summary>Applies as the engine does, and verifies.</summary>
    private static async Task<(JsonElement Before, JsonElement After)> ApplyAsync(Attempt attempt)
    {
        var before = await attempt.ObserveAsync();
        await attempt.ApplyAsync(before);
        var after = await attempt.ObserveAsync();
        var left = attempt.Change.Plan(after);
        Assert.True(left.IsEmpty, $"applied, and still left to do: {string.Join("; ", left.Lines)}");
        return (before, after);
    }

    /// <summary>Asserts that another instance finishes what a crash left, with no effect twice and none lost.</summary>
    internal static async Task AssertFinishedAsync(ChangeFixture fixture, Attempt next, JsonElement before, string when)
    {
        var finished = await next.FinishAsync(before);
        var effects = await fixture.CountEffectsAsync(Ct);
        if (finished)
        {
            Assert.True(effects is null or 1, $"{when} and finished: {effects} effects");
            return;
        }
        // A person is told, and nothing more may have happened than the first attempt did.
        Assert.Equal(Repeat.Never, next.Change.Repeat);
        Assert.True(effects is null or 0 or 1, $"{when} and told: {effects} effects");
    }

    private static bool CanUndo(ChangeFixture fixture) =>
        fixture.Definition.ReversalOf(fixture.Inputs) == Reversal.Exact;

    private static async Task AssertEffectsAsync(ChangeFixture fixture, int expected)
    {
        if (await fixture.CountEffectsAsync(Ct) is { } effects)
            Assert.Equal(expected, effects);
    }

    /// <summary>The tellings at which the work is left: all of them, or the first, the last and some between.</summary>
    private async Task<IEnumerable<int>> TellingsAsync()
    {
        await using var fixture = await StartAsync(Ct);
        await using var attempt = new Attempt(fixture, Ct);
        var tellings = await attempt.ApplyAsync(await attempt.ObserveAsync());
        return Enumerable
            .Range(0, Math.Min(tellings, MostTellings))
            .Select(i => 1 + (int)Math.Round(i * (tellings - 1.0) / Math.Max(1, Math.Min(tellings, MostTellings) - 1)))
            .Distinct();
    }

    /// <summary>How long the work lasts when nobody kills it.</summary>
    private async Task<TimeSpan> MeasureAsync()
    {
        await using var fixture = await StartAsync(Ct);
        return await KilledChild.RunAsync(fixture, await ObserveAsync(fixture), killAfter: null, Ct);
    }

    private static async Task<JsonElement> ObserveAsync(ChangeFixture fixture)
    {
        await using var attempt = new Attempt(fixture, Ct);
        return await attempt.ObserveAsync();
    }
}
