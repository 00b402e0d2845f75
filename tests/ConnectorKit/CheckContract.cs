using Belay.Domain.Contract;
using Xunit;

namespace ConnectorKit;

/// <summary>What every check must keep. A connector's test derives from it and says how to start the system.</summary>
public abstract class CheckContract
{
    /// <summary>Cancels when the test run is stopped.</summary>
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts a system that fulfils the check.</summary>
    protected abstract Task<CheckFixture> StartAsync(CancellationToken ct);

    [Fact]
    public async Task It_holds_on_a_good_system_and_changes_nothing()
    {
        await using var fixture = await StartAsync(Ct);
        await using var check = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var live = await fixture.SnapshotAsync(Ct);

        var observed = await check.ObserveAsync(Ct);

        Assert.IsType<Verdict.Holds>(check.Judge(observed));
        if (IsComparison(fixture))
            Assert.All(StoreComparison.In(observed)!.Parts, part => Assert.Equal(0, part.Differing));
        Assertions.Unchanged(live, await fixture.SnapshotAsync(Ct));
        Assert.All(fixture.Definition.TouchesOf(fixture.Inputs), t => Assert.Equal(TouchKind.Read, t.Kind));
    }

    [Fact]
    public async Task It_does_not_hold_on_a_broken_system_and_says_why()
    {
        await using var fixture = await StartAsync(Ct);
        await using var check = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await fixture.BreakAsync(Ct);

        var observed = await check.ObserveAsync(Ct);
        var why = check.Judge(observed) switch
        {
            Verdict.NotYet notYet => notYet.Why,
            Verdict.Broken broken => broken.Why,
            _ => "",
        };

        Assert.NotEqual("", why);
        if (IsComparison(fixture))
            Assert.Contains(StoreComparison.In(observed)!.Parts, part => part.Differing > 0);
        Assert.DoesNotContain(fixture.Secrets, s => why.Contains(s, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_system_that_cannot_be_read_is_no_pass()
    {
        await using var fixture = await StartAsync(Ct);
        await using var check = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await fixture.TakeAwayAsync(Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(async () => await check.ObserveAsync(Ct));

        Assert.DoesNotContain(fixture.Secrets, s => failure.Message.Contains(s, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_states_survive_the_journal_and_hold_no_secret_in_the_clear()
    {
        await using var fixture = await StartAsync(Ct);
        await using var check = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        Assertions.Journalable(fixture.Definition, await check.ObserveAsync(Ct), fixture.Secrets);
    }

    [Fact]
    public async Task An_input_that_it_does_not_know_is_refused()
    {
        await using var fixture = await StartAsync(Ct);

        Assertions.RefusesUnknownInput(fixture.Definition, fixture.Inputs);
    }

    // Reports show what was compared as a table, which they find in the state.
    private static bool IsComparison(CheckFixture fixture) =>
        fixture.Definition.TouchesOf(fixture.Inputs).Any(touch => touch.Proves == Proof.Same);
}
