using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
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

    /// <summary>What the journal says of an item's step at a place of the plan: a step inside a loop means that of its own member first, then one of the loops around it. Null: nothing yet.</summary>
    public StepReading? Find(string item, IEnumerable<string> suffixes) =>
        suffixes.Select(suffix => Recorder.Find(item + suffix)).FirstOrDefault(known => known is not null);

    /// <summary>A scope for one step.</summary>
    public IScope ScopeOf(string step) => new StepScope(this, step, Recorder.Find(step)?.Checkpoint);

    /// <summary>A scope in which a step that has not begun looks at its target.</summary>
    public IScope LookingScopeOf(string step) => new StepScope(this, step, checkpoint: null, journalsChildren: false);
}
