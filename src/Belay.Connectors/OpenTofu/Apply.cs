using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.OpenTofu;

/// <summary><c>opentofu.apply</c>: plans, judges the plan, and applies exactly that plan.</summary>
internal sealed class Apply(ApplyInputs inputs, IScope scope) : IChange<ApplyState>
{
    private readonly TofuTool tool = new(inputs, scope);
    private SavedPlan? saved;

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<ApplyInputs, ApplyState>(
            "opentofu.apply",
            "Applies a configuration of OpenTofu or Terraform: exactly the plan that was shown and allowed",
            options => new OpenTofuJson(options),
            Reversal.Never,
            Touches,
            (inputs, scope) => new Apply(inputs, scope),
            inputs => inputs.Back is null ? Reversal.Never : Reversal.Exact,
            inputs => inputs.Problems()
        );

    public Repeat Repeat => Repeat.Safe;

    private string Place => scope.PathOf(inputs.Directory);

    public async ValueTask<ApplyState> ObserveAsync(CancellationToken ct)
    {
        var state = await tool.PullAsync(ct);
        saved = await tool.PlanAsync(state: null, ct);
        return new ApplyState
        {
            Tool = await tool.VersionAsync(ct),
            Serial = state.Serial,
            Lineage = state.Lineage,
            Resources = state.Resources,
            Changes = saved.Changes,
            Outputs = state.Outputs,
        };
    }

    public Difference Plan(ApplyState observed)
    {
        if (observed.Changes.IsEmpty)
            return Difference.None;
        Gate.Demand(Place, Refusals(observed));
        return Difference.Of(
            ReversalOf(observed.Changes),
            observed.Changes.Select(change => PlanLine.Of(change, inputs.Allow))
        );
    }

    // Serials count reads of providers, too; the lineage is null until the first apply.
    public bool Same(ApplyState a, ApplyState b) =>
        a.Changes.SequenceEqual(b.Changes) && (a.Lineage == b.Lineage || a.Resources == 0 || b.Resources == 0);

    public async IAsyncEnumerable<Progress> ApplyAsync(ApplyState before, [EnumeratorCancellation] CancellationToken ct)
    {
        var state = await tool.PullAsync(ct);
        if (before.Lineage is { } lineage && state.Lineage != lineage)
            throw OperationException.Refused(
                $"{Place}: the state is another one now ({state.Words}) than when it was planned (lineage {lineage})"
            );
        var plan = saved ?? await tool.PlanAsync(state: null, ct);
        saved = null;
        Gate.Demand(Place, NotApproved(plan.Changes, before.Changes));
        if (plan.Changes.IsEmpty)
            yield break;
        yield return Progress.Say($"the state ({state.Words}) is kept as {state.Keep(Backups)}");
        await foreach (var progress in tool.ApplyAsync(plan, state: null, ct))
            yield return progress;
        var now = await tool.PullAsync(ct);
        yield return Progress.Say($"the state ({now.Words}) is kept as {now.Keep(Backups)}");
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ApplyState before,
        ApplyState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var back = inputs.Back!;
        var state = await tool.PullAsync(ct);
        // Nothing was applied yet, so nothing has to go back; without a state the previous release has nothing to work on.
        if (state.Lineage is null)
            yield break;
        var old = new TofuTool(
            inputs with
            {
                Directory = back.Directory,
                VarFiles = back.VarFiles ?? inputs.VarFiles,
            },
            scope
        );
        var local = await tool.LocalStateAsync(ct);
        if (local is null && (await old.PullAsync(ct)).Lineage != state.Lineage)
            throw OperationException.Refused(
                $"{scope.PathOf(back.Directory)} works on another state than {Place}: it would not take back what this step did"
            );
        var plan = await old.PlanAsync(local, ct);
        Gate.Demand(scope.PathOf(back.Directory), BackRefusals(plan.Changes, before.Changes, back));
        if (plan.Changes.IsEmpty)
            yield break;
        yield return Progress.Say($"the state ({state.Words}) is kept as {state.Keep(Backups)}");
        await foreach (var progress in old.ApplyAsync(plan, local, ct))
            yield return progress;
    }

    private string Backups =>
        inputs.Backups is { } folder ? scope.PathOf(folder) : Path.Combine(scope.WorkingFolder, "states");

    private IEnumerable<string> Refusals(ApplyState observed)
    {
        if (observed.Resources == 0 && !inputs.New)
            return
            [
                "the state holds nothing, so the plan would create everything: is this the right state (directory, backend, workspace)? "
                    + "If this is the first apply of all, say 'new: true'",
            ];
        return
        [
            .. Gate.Refusals(observed.Changes, inputs.Allow, inputs.Protect),
            .. Gate.Unknown(observed.Changes, inputs.Holds),
        ];
    }

    // What is lost does not come back by making another one of the same name; what was moved or adopted, the old release does not know.
    private Reversal ReversalOf(ImmutableArray<PlannedChange> changes) =>
        inputs.Back is null
        || changes.Any(change => change.Loses || change.Action is PlannedAction.Move or PlannedAction.Import)
            ? Reversal.Never
            : Reversal.Exact;

    private static IEnumerable<string> NotApproved(
        ImmutableArray<PlannedChange> now,
        ImmutableArray<PlannedChange> approved
    ) =>
        now.Where(change => !approved.Contains(change))
            .Select(change =>
                $"{change.Address}: the tool now plans another change than the one that was approved ({change.Words})"
            );

    // What the step made may go again. All else that going back would lose must be named, as on the way there.
    private IEnumerable<string> BackRefusals(
        ImmutableArray<PlannedChange> changes,
        ImmutableArray<PlannedChange> applied,
        WayBack back
    )
    {
        var made = applied
            .Where(change => change.Action == PlannedAction.Create)
            .Select(change => change.Address)
            .ToHashSet();
        var losing = changes.Where(change => !(change.Action == PlannedAction.Delete && made.Contains(change.Address)));
        return [.. Gate.Refusals([.. losing], back.Allow, inputs.Protect), .. Gate.Unknown(changes, inputs.Holds)];
    }

    private static IEnumerable<Touch> Touches(ApplyInputs inputs) =>
        [
            new Touch(inputs.Resource, TouchKind.Modify),
            new Touch(FileInputs.Resource(inputs.Directory), TouchKind.Modify),
            .. inputs.Backups is { } folder
                ? [new Touch(FileInputs.Resource(folder), TouchKind.Modify)]
                : Array.Empty<Touch>(),
            .. inputs
                .Allow.Where(loss => loss.Action is not LossKind.Forget)
                .Select(loss => new Touch(loss.Resource ?? $"{inputs.Resource}/{loss.Address}", TouchKind.Destroy)),
        ];
}

[JsonSerializable(typeof(ApplyInputs))]
[JsonSerializable(typeof(ApplyState))]
[JsonSerializable(typeof(CopyStateInputs))]
[JsonSerializable(typeof(CopyStateState))]
[JsonSerializable(typeof(UnchangedInputs))]
[JsonSerializable(typeof(UnchangedState))]
[JsonSerializable(typeof(ToolVersionInputs))]
[JsonSerializable(typeof(ToolVersionState))]
[JsonSerializable(typeof(Secret))]
internal sealed partial class OpenTofuJson : JsonSerializerContext;
