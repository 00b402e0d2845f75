using System.Collections.Immutable;

namespace Belay.Releases.Paths;

/// <summary>The chains of states that a component may go through, the shortest first, and of equal ones those to newer versions.</summary>
internal sealed class ChainMaker
{
    /// <summary>How many chains one component may have.</summary>
    private const int Greatest = 2000;

    private readonly PathModel model;
    private readonly int component;
    private readonly List<ImmutableArray<int>> found = [];
    private readonly List<int> chain = [];

    private ChainMaker(PathModel model, int component) => (this.model, this.component) = (model, component);

    /// <exception cref="TooManyWaysException">There are more than are tried.</exception>
    public static ImmutableArray<ImmutableArray<int>> Of(PathModel model, int component)
    {
        var maker = new ChainMaker(model, component);
        maker.Walk(model.Now[component]);
        return
        [
            .. maker
                .found.OrderBy(chain => chain.Length)
                .ThenByDescending(chain => chain[^1])
                .ThenByDescending(chain => chain.Length > 2 ? chain[^2] : 0),
        ];
    }

    private void Walk(int state)
    {
        if (chain.Count >= 2 && IsNeedless(chain[^2], chain[^1], state))
            return;
        chain.Add(state);
        if ((model.Final[component] & PathModel.Bit(state)) != 0 && !EndsNeedlessly())
        {
            if (found.Count >= Greatest)
                throw new TooManyWaysException($"{model.Names[component]} has more than {Greatest} ways to move");
            found.Add([.. chain]);
        }
        foreach (var next in PathModel.StatesIn(model.Moves[component][state] & model.ViableOf(component)))
            Walk(next);
        chain.RemoveAt(chain.Count - 1);
    }

    // Where the version before or the one after may stand wherever this one may, and the step over it is allowed, it serves nothing:
    // what a chain with it can do, the shorter one can, too.
    private bool IsNeedless(int before, int state, int after) =>
        (model.Moves[component][before] & PathModel.Bit(after)) != 0
        && (model.Covers(component, before, state) || model.Covers(component, after, state));

    private bool EndsNeedlessly() =>
        chain.Count >= 2
        && (model.Final[component] & PathModel.Bit(chain[^2])) != 0
        && model.Covers(component, chain[^2], chain[^1]);
}

/// <summary>The search ends without an answer.</summary>
internal sealed class TooManyWaysException(string what) : Exception(what);
