using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Rehearsal.Operations;

/// <summary>The touches of a first run that only looks at what a plan does: from them the world is built.</summary>
internal sealed class Seen
{
    private readonly List<Touch> touches = [];
    private readonly HashSet<string> done = new(StringComparer.Ordinal);

    /// <summary>Every touch, in the order of the run.</summary>
    public IReadOnlyList<Touch> Touches => touches;

    public bool IsDone(string step) => done.Contains(step);

    public void Do(string step, ImmutableArray<Touch> seen)
    {
        touches.AddRange(seen);
        done.Add(step);
    }

    public void Undo(string step) => done.Remove(step);

    public void Ask(ImmutableArray<Touch> seen) => touches.AddRange(seen);
}

/// <summary>A change that always works.</summary>
internal sealed class SeenChange(ImmutableArray<Touch> touches, string step, string sample, Seen seen) : BoundChange
{
    public override Repeat Repeat => Repeat.Safe;

    public override ITokenSearch? Tokens => null;

    public override BoundBackup? Backup => null;

    public override ValueTask<JsonElement> ObserveAsync(CancellationToken ct) =>
        ValueTask.FromResult(SimulatedState.Of(sample, [seen.IsDone(step) ? "done" : ""]));

    public override Difference Plan(JsonElement observed) =>
        SimulatedState.Values(observed)[0].Length > 0
            ? Difference.None
            : Difference.Of(Reversal.Exact, new DifferenceLine(step, null, "done"));

    public override bool Same(JsonElement a, JsonElement b) =>
        SimulatedState.Values(a)[0] == SimulatedState.Values(b)[0];

    public override async IAsyncEnumerable<Progress> ApplyAsync(
        JsonElement before,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        await Task.Yield();
        seen.Do(step, touches);
        yield break;
    }

    public override async IAsyncEnumerable<Progress> UndoAsync(
        JsonElement before,
        JsonElement? after,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        await Task.Yield();
        seen.Undo(step);
        yield break;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A check that always holds.</summary>
internal sealed class SeenCheck(ImmutableArray<Touch> touches, string sample, Seen seen) : BoundCheck
{
    private bool isAsked;

    public override ValueTask<JsonElement> ObserveAsync(CancellationToken ct)
    {
        if (!isAsked)
            seen.Ask(touches);
        isAsked = true;
        return ValueTask.FromResult(SimulatedState.Of(sample, [""]));
    }

    public override Verdict Judge(JsonElement observed) => Verdict.Ok;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
