using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.OpenTofu;

/// <summary>Inputs of <c>opentofu.apply</c>.</summary>
public sealed record ApplyInputs : TofuPlace
{
    /// <summary>Resources that the plan may lose, one by one. Default: none; a plan that deletes, replaces or forgets anything else is refused.</summary>
    public ImmutableArray<AllowedLoss> Allow { get; init; } = [];

    /// <summary>Resources and modules that are never lost, whatever is allowed: addresses, or their beginnings with a <c>*</c>.</summary>
    public ImmutableArray<string> Protect { get; init; } = [];

    /// <summary>Resources and modules that the state holds already: a plan that would create one has the wrong state and is refused. Addresses, or their beginnings with a <c>*</c>.</summary>
    public ImmutableArray<string> Holds { get; init; } = [];

    /// <summary>Whether the state may be empty: the first apply of all. Default false.</summary>
    public bool New { get; init; }

    /// <summary>The way back: the previous release's configuration, applied to the state as it then is. Default: none, and the step cannot be taken back.</summary>
    public WayBack? Back { get; init; }

    /// <summary>The folder for copies of the state before and after, named by lineage and serial. They hold secrets (mode 0600). Default: in the run's folder.</summary>
    public string? Backups { get; init; }

    /// <summary>What is wrong with the inputs.</summary>
    internal new IEnumerable<InputProblem> Problems() =>
        [
            .. base.Problems(),
            .. Allow
                .Where(loss => loss.Reason.Trim().Length == 0)
                .Select(loss => new InputProblem("allow", $"{loss.Address} has no reason: say why it may be lost")),
            .. Allow
                .Where(loss => Protect.Any(wall => Gate.Covers(wall, loss.Address)))
                .Select(loss => new InputProblem("allow", $"{loss.Address} is protected: nothing may allow its loss")),
        ];
}

/// <summary>The way back of an apply.</summary>
public sealed record WayBack
{
    /// <summary>The folder of the previous release's configuration. An old state file in it is not used: it would orphan what this step made.</summary>
    public required string Directory { get; init; }

    /// <summary>Its files of variables. Default: those of the step.</summary>
    public ImmutableArray<string>? VarFiles { get; init; }

    /// <summary>Resources that going back may lose beside those that the step itself created.</summary>
    public ImmutableArray<AllowedLoss> Allow { get; init; } = [];
}

/// <summary>What <c>opentofu.apply</c> sees.</summary>
public sealed record ApplyState
{
    /// <summary>The tool and its version.</summary>
    public required string Tool { get; init; }

    /// <summary>The state's serial; 0 when there is no state.</summary>
    public required long Serial { get; init; }

    /// <summary>The state's lineage; null when there is no state.</summary>
    public string? Lineage { get; init; }

    /// <summary>How many resources the state holds.</summary>
    public required int Resources { get; init; }

    /// <summary>What the tool would change.</summary>
    public required ImmutableArray<PlannedChange> Changes { get; init; }

    /// <summary>The state's outputs, for later steps.</summary>
    public required ImmutableSortedDictionary<string, JsonElement> Outputs { get; init; }
}
