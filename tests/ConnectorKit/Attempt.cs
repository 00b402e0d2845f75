using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Xunit;

namespace ConnectorKit;

/// <summary>One life of a change: an instance such as the engine makes, used as the engine uses it. After a crash a new attempt goes on.</summary>
internal sealed class Attempt(ChangeFixture fixture, CancellationToken ct, JsonElement? checkpoint = null)
    : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TokenLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TokenInterval = TimeSpan.FromMilliseconds(50);

    public BoundChange Change { get; } = fixture.Definition.Create(fixture.Inputs, fixture.NewScope(checkpoint));

    /// <summary>The last checkpoint that this attempt yielded, or was given.</summary>
    public JsonElement? Checkpoint { get; private set; } = checkpoint;

    public ValueTask<JsonElement> ObserveAsync() => Change.ObserveAsync(ct);

    /// <summary>Applies to the end; returns how often progress was told.</summary>
    public Task<int> ApplyAsync(JsonElement before) => DrainAsync(Change.ApplyAsync(before, ct), stopAfter: null);

    /// <summary>Undoes to the end; returns how often progress was told.</summary>
    public Task<int> UndoAsync(JsonElement before, JsonElement? after) =>
        DrainAsync(Change.UndoAsync(before, after, ct), stopAfter: null);

    /// <summary>Applies and leaves after so many tellings, as a crash between two of them would.</summary>
    public Task LeaveApplyAsync(JsonElement before, int tellings) =>
        DrainAsync(Change.ApplyAsync(before, ct), tellings);

    /// <summary>Undoes and leaves after so many tellings.</summary>
    public Task LeaveUndoAsync(JsonElement before, JsonElement? after, int tellings) =>
        DrainAsync(Change.UndoAsync(before, after, ct), tellings);

    /// <summary>Does what the engine does with a step that a crash left: children first, then observation, then what <see cref="BoundChange.Repeat"/> allows. False: a person must say.</summary>
    public async Task<bool> FinishAsync(JsonElement before)
    {
        foreach (var child in await fixture.Program.Processes.FindAsync(fixture.RunId, ct))
        {
            if (child.Patience > TimeSpan.Zero)
                await fixture.Program.Processes.EndsByItselfAsync(child.Child, child.Patience, ct);
            await fixture.Program.Processes.EndAsync(child.Child, Grace, ct);
        }
        var observed = await ObserveAsync();
        var left = Change.Plan(observed);
        if (left.IsEmpty)
            return true;
        switch (Change.Repeat)
        {
            case Repeat.Safe:
                Assert.True(
                    Change.Same(before, observed) || IsPartOf(left, Change.Plan(before)),
                    "half done, it is neither as before nor a part of what was planned: the engine would halt"
                );
                await ApplyAsync(before);
                break;
            case Repeat.ByToken:
                if (await SettleTokenAsync() == TokenTrace.Unknown)
                    await ApplyAsync(before);
                break;
            case Repeat.Never:
                return false;
            default:
                throw new InvalidOperationException($"unknown way to repeat {Change.Repeat}");
        }
        return Change.Plan(await ObserveAsync()).IsEmpty;
    }

    public ValueTask DisposeAsync() => Change.DisposeAsync();

    private static bool IsPartOf(Difference left, Difference intended)
    {
        var planned = intended.Lines.Select(line => (line.What, line.To)).ToHashSet();
        return left.Reversal <= intended.Reversal && left.Lines.All(line => planned.Contains((line.What, line.To)));
    }

    private async Task<TokenTrace> SettleTokenAsync()
    {
        var tokens = Change.Tokens;
        Assert.True(tokens is not null, "a change that repeats by token must implement ITokenSearch");
        var begun = TimeProvider.System.GetTimestamp();
        while (await tokens.FindAsync(ct) is var trace)
        {
            if (trace != TokenTrace.Running)
                return trace;
            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < TokenLimit,
                "the target is still at work on the token"
            );
            await Task.Delay(TokenInterval, TimeProvider.System, ct);
        }
        return TokenTrace.Unknown;
    }

    private async Task<int> DrainAsync(IAsyncEnumerable<Progress> work, int? stopAfter)
    {
        var told = 0;
        await foreach (var progress in work)
        {
            Checkpoint = progress.Checkpoint ?? Checkpoint;
            if (++told == stopAfter)
                break;
        }
        return told;
    }
}
