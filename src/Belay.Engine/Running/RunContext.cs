using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Engine.Ports;

namespace Belay.Engine.Running;

/// <summary>What all runners of one run share.</summary>
internal sealed record RunContext
{
    public required EngineParts Parts { get; init; }

    public required string Run { get; init; }

    public required ILease Lease { get; init; }

    public required Recorder Recorder { get; init; }

    public required Sealing Sealing { get; init; }

    public required Course Root { get; init; }

    /// <summary>What users may notice now.</summary>
    public required Impacts Impacts { get; init; }

    /// <summary>The folder against which relative paths in inputs are resolved.</summary>
    public required string PlanFolder { get; init; }

    public Catalog Catalog => Parts.Catalog;

    public TimeProvider Clock => Parts.Clock;

    public ILiveEnvironment Environment => Parts.Environment;

    /// <summary>The plan that runs now.</summary>
    public Plan Plan => Recorder.Reading.Plan!;

    /// <summary>A scope for one step.</summary>
    public IScope ScopeOf(string step) => new StepScope(this, step, Recorder.Find(step)?.Checkpoint);

    /// <summary>A scope in which a step that has not begun looks at its target.</summary>
    public IScope LookingScopeOf(string step) => new StepScope(this, step, checkpoint: null, journalsChildren: false);
}
