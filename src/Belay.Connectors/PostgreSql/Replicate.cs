using System.Runtime.CompilerServices;
using Belay.Connectors.PostgreSql.Moving;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>Makes a database the copy of another one that goes on being written to: schema, rows, and everything that is written meanwhile.</summary>
internal sealed class Replicate(ReplicateInputs inputs, IScope scope) : IChange<ReplicateState>
{
    /// <summary>The definition of <c>postgresql.replicate</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<ReplicateInputs, ReplicateState>(
            "postgresql.replicate",
            "Makes an empty database the copy of another one by logical replication, and waits until it has caught up",
            options => new ReplicateContext(options),
            Reversal.Exact,
            inputs =>
                [
                    // Its publication, its slot, and the schema with the log of switches.
                    new Touch($"postgresql:{inputs.From}", TouchKind.Modify),
                    new Touch($"postgresql:{inputs.To}", TouchKind.Modify)
                    {
                        Copies = $"postgresql:{inputs.From}",
                        Uses = [$"postgresql:{inputs.From}"],
                    },
                ],
            (inputs, scope) => new Replicate(inputs, scope),
            validate: Validate
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<ReplicateState> ObserveAsync(CancellationToken ct)
    {
        await using var from = await Side.OpenAsync(inputs.From, scope, ct);
        await using var to = await Side.OpenAsync(inputs.To, scope, ct);
        return await new Copying(from, to).ObserveAsync(inputs, scope.Clock, ct);
    }

    /// <inheritdoc/>
    public Difference Plan(ReplicateState observed)
    {
        if (IsDone(observed))
            return Difference.None;
        var (from, to) = (observed.From, observed.To);
        DifferenceLine?[] lines =
        [
            from is { Publishes: true, Keeps: true }
                ? null
                : new($"publication and slot of {inputs.From}", null, ReplicationStream.Name),
            to.Admits == 0 ? null : new($"sessions of {inputs.To}", "admitted", "none but those of superusers"),
            new($"rows of {inputs.To}", $"{to.TablesReady} tables ready", $"all rows of {inputs.From}, followed")
            {
                Moves = true,
            },
            observed.Refusal is { } why ? new("this will be refused", null, why) : null,
        ];
        return Difference.Of(Reversal.Exact, lines.OfType<DifferenceLine>());
    }

    /// <inheritdoc/>
    public bool Same(ReplicateState a, ReplicateState b) =>
        a.From.Publishes == b.From.Publishes
        && a.From.Keeps == b.From.Keeps
        && a.To.Subscribed == b.To.Subscribed
        && a.To.Admits == b.To.Admits
        && a.To.Contents.IsEmpty == b.To.Contents.IsEmpty;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        ReplicateState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var from = await Side.OpenAsync(inputs.From, scope, ct);
        await using var to = await Side.OpenAsync(inputs.To, scope, ct);
        var copying = new Copying(from, to);
        var now = await copying.ObserveAsync(inputs, scope.Clock, ct);
        if (IsDone(now))
            yield break;
        if (now.Refusal is { } why)
            throw OperationException.Refused(why);
        await foreach (var progress in copying.BeginAsync(scope, ct))
            yield return progress;
        await foreach (var progress in new CatchingUp(inputs, scope, copying, from, to).RunAsync(ct))
            yield return progress;
        // The schema copy leaves them empty, and reading an empty one fails.
        foreach (var view in await copying.EmptyViewsAsync(ct))
        {
            yield return Progress.Say($"filling {view}");
            await to.RunAsync($"REFRESH MATERIALIZED VIEW {view}", ct);
        }
        yield return Progress.Say($"{inputs.To} has caught up with {inputs.From}");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        ReplicateState before,
        ReplicateState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        // A copy that stood before the step is not the step's to remove.
        if (before.To.Subscribed)
            yield break;
        await using var from = await Side.OpenAsync(inputs.From, scope, ct);
        await using var to = await Side.OpenAsync(inputs.To, scope, ct);
        var copying = new Copying(from, to);
        var now = await copying.ObserveAsync(inputs, scope.Clock, ct);
        if (now.Switched)
            throw OperationException.Refused($"{inputs.To} takes the writes: take the switch-over back first");
        if (!now.To.Subscribed && !now.To.Contents.IsEmpty && !await copying.IsOursAsync(ct))
            throw OperationException.Refused($"{inputs.To} holds what this step did not make; it is left as it is");
        yield return Progress.Say($"ending the replication, emptying {inputs.To}");
        await copying.RemoveAsync(before, scope.Clock, ct);
        yield return Progress.Say($"{inputs.To} is empty as before");
    }

    private static bool IsDone(ReplicateState state) =>
        state.Switched
        || (
            state is { From: { Publishes: true, Keeps: true }, To: { Subscribed: true, Enabled: true, Admits: 0 } }
            && state.KeepsUp
            && state.To.EmptyViews == 0
        );

    private static IEnumerable<InputProblem> Validate(ReplicateInputs inputs)
    {
        if (inputs.From == inputs.To)
            yield return MoveInputs.ToItself;
        if (inputs.Lag < 0)
            yield return new InputProblem("lag", "a number of bytes is expected, at least 0");
    }
}
