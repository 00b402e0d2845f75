using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Rehearsal.Stories;

namespace Belay.Rehearsal.Operations;

/// <summary>The operations that a plan uses, each replaced by one of the same name, types, touches and reversal that acts on the world alone.</summary>
internal sealed class SimulatedCatalog
{
    private readonly ImmutableArray<(Connector Connector, ImmutableArray<OperationDefinition> Operations)> used;
    private readonly ImmutableDictionary<string, string> samples;

    public SimulatedCatalog(Plan plan, Catalog real)
    {
        var names = plan.AllItems()
            .Select(item => item is DoItem change ? change.Operation : (item as CheckItem)?.Operation)
            .Concat(plan.Watches.Select(watch => watch.Operation))
            .ToHashSet(StringComparer.Ordinal);
        used =
        [
            .. real
                .Connectors.Select(connector =>
                    (connector, connector.Operations.Where(o => names.Contains(o.Name)).ToImmutableArray())
                )
                .Where(pair => pair.Item2.Length > 0),
        ];
        samples = used.SelectMany(pair => pair.Operations)
            .ToImmutableDictionary(o => o.Name, o => SampleState.Open(o.State), StringComparer.Ordinal);
    }

    /// <summary>The catalog for one order of a story.</summary>
    public Catalog On(Scene scene) =>
        new(
            used.Select(pair => new Connector
            {
                Name = pair.Connector.Name,
                Summary = pair.Connector.Summary,
                Operations = [.. pair.Operations.Select(operation => Replace(operation, scene))],
            })
        );

    private OperationDefinition Replace(OperationDefinition real, Scene scene) =>
        real switch
        {
            ChangeDefinition change => new Change(change, samples[real.Name], scene)
            {
                Reversal = change.Reversal,
                IsBackup = change.IsBackup,
            },
            CheckDefinition check => new Check(check, samples[real.Name], scene),
            _ => throw new InvalidOperationException($"{real.Name} is neither a change nor a check"),
        };

    private sealed class Change(ChangeDefinition real, string sample, Scene scene)
        : ChangeDefinition(real.Name, real.Summary)
    {
        public override JsonTypeInfo Inputs => real.Inputs;

        public override JsonTypeInfo State => real.State;

        public override ImmutableArray<Touch> TouchesOf(JsonElement inputs) => real.TouchesOf(inputs);

        public override ImmutableArray<InputProblem> Validate(JsonElement inputs) => real.Validate(inputs);

        public override Reversal ReversalOf(JsonElement inputs) => real.ReversalOf(inputs);

        public override Repeat RepeatOf(JsonElement inputs) => real.RepeatOf(inputs);

        public override BoundChange Create(JsonElement inputs, IScope scope) =>
            scene.Seen is { } seen
                ? new SeenChange(real.TouchesOf(inputs), scope.StepId, sample, seen)
                : new SimulatedChange(real, inputs, scope.StepId, sample, scene);
    }

    private sealed class Check(CheckDefinition real, string sample, Scene scene)
        : CheckDefinition(real.Name, real.Summary)
    {
        public override JsonTypeInfo Inputs => real.Inputs;

        public override JsonTypeInfo State => real.State;

        public override ImmutableArray<Touch> TouchesOf(JsonElement inputs) => real.TouchesOf(inputs);

        public override ImmutableArray<InputProblem> Validate(JsonElement inputs) => real.Validate(inputs);

        public override BoundCheck Create(JsonElement inputs, IScope scope) =>
            scene.Seen is { } seen
                ? new SeenCheck(real.TouchesOf(inputs), sample, seen)
                : new SimulatedCheck(real, inputs, scope.StepId, sample, scene);
    }
}
