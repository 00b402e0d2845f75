using System.Collections.Immutable;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Rehearsal.Stories;
using Belay.Rehearsal.Telling;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal;

/// <summary>Plays a plan through, by the real engine on a simulated world, with every fault at every place; see docs/guide/rehearsal.md.</summary>
public static class PlanRehearsal
{
    /// <summary>Plays every story of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="catalog">The operations; none of them is carried out.</param>
    /// <param name="seed">How long each step takes; the same seed gives the same stories.</param>
    /// <param name="pairs">Whether two faults are played too, or one at a time only.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="RehearsalException">The plan does not come to its end even when everything works.</exception>
    public static RehearsalReport Play(Plan plan, Catalog catalog, int seed, bool pairs, CancellationToken ct)
    {
        var script = new Script(plan, catalog, seed);
        var explorer = new Explorer(script, pairs, ct);
        explorer.Explore();
        return Report(plan, catalog, script, explorer, pairs);
    }

    /// <summary>Plays the way back: the run is halted once each change is done, and taken back all the way and to each step, without a fault and with each.</summary>
    /// <inheritdoc cref="Play"/>
    public static RehearsalReport PlayBack(Plan plan, Catalog catalog, int seed, bool pairs, CancellationToken ct)
    {
        var script = new Script(plan, catalog, seed);
        var explorer = new Explorer(script, pairs, ct);
        explorer.ExploreBack();
        return Report(plan, catalog, script, explorer, pairs);
    }

    /// <summary>Plays one story again.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="catalog">The operations.</param>
    /// <param name="seed">The seed with which the story was found.</param>
    /// <param name="story">Its id.</param>
    /// <exception cref="RehearsalException">There is no such story.</exception>
    public static ToldStory Replay(Plan plan, Catalog catalog, int seed, string story)
    {
        var id =
            StoryId.Parse(story)
            ?? throw new RehearsalException($"'{story}' is no story: take the id that belay rehearse printed");
        return Tell(new Script(plan, catalog, seed), id, null, plan);
    }

    private static RehearsalReport Report(Plan plan, Catalog catalog, Script script, Explorer explorer, bool pairs) =>
        new()
        {
            Seed = script.Seed,
            Pairs = pairs,
            Violations = [.. explorer.Violations.Select(found => Tell(script, found.Story, found.Violation, plan))],
            Stories = explorer.Kinds.Values.Sum(),
            Kinds = explorer.Kinds.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Folded = explorer.Folded,
            World = [.. WorldWords.Of(script.Scenery)],
            NotRehearsed = [.. NotRehearsed.In(plan, catalog)],
        };

    private static ToldStory Tell(Script script, StoryId id, Violation? violation, Plan plan)
    {
        var lines = ImmutableArray.CreateBuilder<StoryLine>();
        var position = Position.Beginning(script);
        var done = ImmutableArray<Order>.Empty;
        var ending = "";
        foreach (var order in id.Orders)
        {
            if (order.Fault is Fault.AtCommit or Fault.Timing)
                Add(null, $"STORY: {order.Fault.Words}");
            done = done.Add(order);
            var played = Player.Play(script, position, order, Add);
            played.After.World.Listener = Add;
            Judge.Close(new StoryId(done), played);
            played.After.World.Listener = null;
            if (!played.FaultHappened)
                throw new RehearsalException(
                    $"the story '{id}' does not fit this plan and seed: {order.Fault!.Words} never comes about"
                );
            position = played.After;
            ending = played.Ending.Words;
            if (played.Ending is Ending.Died)
                Add(null, ending);
        }
        return new ToldStory
        {
            Story = id.ToString(),
            Violation = (violation ?? (position.World.Violations is [var first, ..] ? first : null)) is { } seen
                ? seen with
                {
                    Source = SourceOf(seen.Step),
                }
                : null,
            Ending = ending,
            Lines = lines.ToImmutable(),
        };

        // That a step is done is no news behind what it did.
        void Add(string? step, string words)
        {
            if (step is null || lines is not [.., { } last] || last.Step != step || words != $"'{step}' is done")
                lines.Add(new StoryLine(step, SourceOf(step), words));
        }

        SourcePosition? SourceOf(string? step) =>
            step is null ? null : plan.Sources.GetValueOrDefault(Scenery.BaseOf(step));
    }
}
