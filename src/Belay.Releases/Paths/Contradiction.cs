using System.Collections.Immutable;
using Belay.Domain.Compatibility;

namespace Belay.Releases.Paths;

/// <summary>Statements that leave no path, of which none can be left out: found by leaving halves away (Junker, QuickXplain, AAAI 2004), each time asking the search.</summary>
internal sealed class Contradiction
{
    private readonly PathQuestion question;
    private readonly ImmutableArray<Candidate> candidates;

    private Contradiction(PathQuestion question)
    {
        this.question = question;
        candidates =
        [
            .. question.Facts.Needs.Select(need => new Candidate(Statement.Of(need), need, null, null)),
            .. question
                .Facts.Components.Where(one => one.Value.Stride != Stride.Any || !one.Value.Moves.IsEmpty)
                .Select(one => new Candidate(Statement.Of(one.Key, one.Value), null, one.Key, null)),
            .. question.Wants.Select(want => new Candidate(
                Statement.Of(want.Key, want.Value, question.Facts.Now.GetValueOrDefault(want.Key)),
                null,
                null,
                want.Key
            )),
        ];
    }

    /// <summary>What contradicts in a question that has no answer.</summary>
    /// <exception cref="TooManyWaysException">There are more ways than are tried.</exception>
    public static ImmutableArray<Statement> In(PathQuestion question)
    {
        var search = new Contradiction(question);
        var left = Enumerable.Range(0, search.candidates.Length).ToArray();
        if (!search.Model(left).HasNoEnd)
            return search.Named(search.Explain([], isGrown: false, left, HasNoPath));
        // What is certain without a search costs little to ask, and mostly leaves few statements; only the search knows which of them count.
        left = search.Explain([], isGrown: false, left, model => model.HasNoEnd);
        foreach (var one in left)
        {
            int[] without = [.. left.Where(other => other != one)];
            if (HasNoPath(search.Model(without)))
                left = without;
        }
        return search.Named(left);
    }

    private static bool HasNoPath(PathModel model) => PathSearch.Find(model, fewest: false) is null;

    private ImmutableArray<Statement> Named(int[] left) => [.. left.Order().Select(i => candidates[i].Statement)];

    private int[] Explain(int[] kept, bool isGrown, int[] open, Func<PathModel, bool> hasNoPath)
    {
        if (isGrown && hasNoPath(Model(kept)))
            return [];
        if (open.Length <= 1)
            return open;
        var (one, two) = (open[..(open.Length / 2)], open[(open.Length / 2)..]);
        var ofTwo = Explain([.. kept, .. one], isGrown: true, two, hasNoPath);
        return [.. Explain([.. kept, .. ofTwo], ofTwo.Length > 0, one, hasNoPath), .. ofTwo];
    }

    private PathModel Model(int[] kept)
    {
        var statements = kept.Select(i => candidates[i]).ToArray();
        var rules = statements.Select(one => one.Rule).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var wants = statements.Select(one => one.Want).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return new PathModel(
            question,
            statements.Select(one => one.Need).OfType<Need>(),
            rules.Contains,
            wants.Contains
        );
    }

    private sealed record Candidate(Statement Statement, Need? Need, string? Rule, string? Want);
}
