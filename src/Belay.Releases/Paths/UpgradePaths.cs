using System.Collections.Immutable;
using Belay.Domain.Compatibility;

namespace Belay.Releases.Paths;

/// <summary>Finds the way from what runs to what is wanted, on which everything works with everything at every moment. Pure.</summary>
public static class UpgradePaths
{
    /// <summary>A path with the fewest steps, or why there is none.</summary>
    /// <param name="facts">The components, what works with what, and what runs now.</param>
    /// <param name="wants">What shall run in the end, by component; every other one may stay as it is.</param>
    public static PathAnswer Find(CompatibilityFacts facts, ImmutableSortedDictionary<string, Want> wants)
    {
        var question = new PathQuestion(facts, wants);
        try
        {
            var model = new PathModel(question, facts.Needs, _ => true, _ => true);
            return PathSearch.Find(model) is { } way
                ? new PathAnswer.Found([.. way.Stages.Select(stage => Stage(facts, model, way, stage))])
                : new PathAnswer.None(Contradiction.In(question));
        }
        catch (TooManyWaysException e)
        {
            return new PathAnswer.GaveUp(e.Message);
        }
    }

    private static ImmutableArray<PathStep> Stage(
        CompatibilityFacts facts,
        PathModel model,
        Way way,
        ImmutableArray<(int Chain, int Position)> stage
    ) =>
        [
            .. stage.Select(step =>
            {
                var (component, chain) = way.Chains[step.Chain];
                var name = model.Names[component];
                var versions = facts.Components[name].Versions;
                var from = chain[step.Position - 1];
                return new PathStep(name, from == 0 ? null : versions[from - 1], versions[chain[step.Position] - 1]);
            }),
        ];
}
