using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.OpenTofu;

/// <summary>Inputs of <c>opentofu.unchanged</c>.</summary>
public sealed record UnchangedInputs : TofuPlace;

/// <summary>What <c>opentofu.unchanged</c> sees.</summary>
public sealed record UnchangedState
{
    /// <summary>The state's serial.</summary>
    public required long Serial { get; init; }

    /// <summary>How many resources the state holds.</summary>
    public required int Resources { get; init; }

    /// <summary>What the tool would change.</summary>
    public required ImmutableArray<PlannedChange> Changes { get; init; }
}

/// <summary><c>opentofu.unchanged</c>: whether the infrastructure is as the configuration says.</summary>
internal sealed class Unchanged(UnchangedInputs inputs, IScope scope) : ICheck<UnchangedState>
{
    private const int MostNamed = 5;

    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<UnchangedInputs, UnchangedState>(
            "opentofu.unchanged",
            "Checks that the plan is empty: the infrastructure is as the configuration says",
            options => new OpenTofuJson(options),
            inputs => [new Touch(inputs.Resource, TouchKind.Read)],
            (inputs, scope) => new Unchanged(inputs, scope),
            inputs => inputs.Problems()
        );

    public async ValueTask<UnchangedState> ObserveAsync(CancellationToken ct)
    {
        var tool = new TofuTool(inputs, scope);
        var state = await tool.PullAsync(ct);
        var plan = await tool.PlanAsync(state: null, ct);
        return new UnchangedState
        {
            Serial = state.Serial,
            Resources = state.Resources,
            Changes = plan.Changes,
        };
    }

    public Verdict Judge(UnchangedState observed) =>
        observed switch
        {
            { Changes: [var first, ..] all } => new Verdict.Broken(
                $"the tool would change {all.Length}: {string.Join(", ", all.Take(MostNamed).Select(change => change.Address))}"
                    + $" ({PlanLine.Of(first, []).To})"
            ),
            // An empty configuration on an empty state proves nothing.
            { Resources: 0 } => new Verdict.Broken(
                "the state holds nothing: is this the right directory, backend, workspace?"
            ),
            _ => Verdict.Ok,
        };
}
