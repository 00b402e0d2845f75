using System.Collections.Immutable;
using Belay.Domain.Compatibility;
using Belay.Domain.Versions;
using Belay.Releases.Paths;

namespace Belay.Releases.Tests.Paths;

/// <summary>Random small questions, each also answered by trying every state: as few steps, no path where there is none, every order of a stage compatible, and no statement of a contradiction that could be left out.</summary>
public sealed class PathPropertyTests
{
    private const int Cases = 4000;

    [Fact]
    public void A_path_has_the_fewest_steps_and_a_contradiction_is_one()
    {
        var (found, none) = (0, 0);
        for (var seed = 0; seed < Cases; seed++)
        {
            var (facts, wants) = Question(new Random(seed));
            var fewest = Tried.Fewest(facts, wants);
            switch (UpgradePaths.Find(facts, wants))
            {
                case PathAnswer.Found path:
                    found++;
                    Assert.True(fewest == path.Steps, $"seed {seed}: {path.Steps} steps, and {fewest} are enough");
                    Walk(seed, facts, wants, path);
                    break;
                case PathAnswer.None why:
                    none++;
                    Assert.True(fewest is null, $"seed {seed}: there is a path of {fewest} steps");
                    CheckContradiction(seed, facts, wants, why);
                    break;
                case PathAnswer.GaveUp gaveUp:
                    Assert.Fail($"seed {seed}: {gaveUp.Why}");
                    break;
            }
        }
        Assert.True(
            found > Cases / 10 && none > Cases / 10,
            $"{found} paths, {none} contradictions: too few of one kind"
        );
    }

    /// <summary>Goes the stages forward and each of them backward: both orders keep to everything, so each order does, since statements are about two.</summary>
    private static void Walk(
        int seed,
        CompatibilityFacts facts,
        ImmutableSortedDictionary<string, Want> wants,
        PathAnswer.Found path
    )
    {
        foreach (var isTurned in new[] { false, true })
        {
            var now = facts.Now;
            foreach (var step in path.Stages.SelectMany(stage => isTurned ? stage.Reverse() : stage))
            {
                Assert.Equal(step.From, now.GetValueOrDefault(step.Component));
                var component = facts.Components[step.Component];
                if (step.From is not null)
                    Assert.True(
                        component.MayMove(component.IndexOf(step.From), component.IndexOf(step.To)),
                        $"seed {seed}: {step}"
                    );
                now = now.SetItem(step.Component, step.To);
                Assert.True(Tried.IsCompatible(facts, now), $"seed {seed}: after {step}");
            }
            Assert.True(Tried.IsWanted(wants, now), $"seed {seed}: the end is not what is wanted");
        }
    }

    private static void CheckContradiction(
        int seed,
        CompatibilityFacts facts,
        ImmutableSortedDictionary<string, Want> wants,
        PathAnswer.None why
    )
    {
        var texts = why.Statements.Select(statement => statement.Text).ToHashSet(StringComparer.Ordinal);
        Assert.True(Fewest(texts) is null, $"seed {seed}: the statements named leave a path");
        foreach (var text in texts)
            Assert.True(
                Fewest([.. texts.Where(other => other != text)]) is not null,
                $"seed {seed}: '{text}' is not needed"
            );

        // What is left when only some statements count.
        int? Fewest(HashSet<string> counted) =>
            Tried.Fewest(
                facts with
                {
                    Needs = [.. facts.Needs.Where(need => counted.Contains(need.ToString()))],
                    Components = facts.Components.ToImmutableSortedDictionary(
                        one => one.Key,
                        one =>
                            counted.Contains(Statement.Of(one.Key, one.Value).Text)
                                ? one.Value
                                : one.Value with
                                {
                                    Stride = Stride.Any,
                                    Moves = [],
                                }
                    ),
                },
                wants
                    .Where(want =>
                        counted.Contains(Statement.Of(want.Key, want.Value, facts.Now.GetValueOrDefault(want.Key)).Text)
                    )
                    .ToImmutableSortedDictionary()
            );
    }

    private static (CompatibilityFacts Facts, ImmutableSortedDictionary<string, Want> Wants) Question(Random random)
    {
        var names = Enumerable.Range(0, random.Next(2, 5)).Select(i => $"c{i}").ToArray();
        var components = names.ToImmutableSortedDictionary(name => name, _ => RandomComponent(random));
        var now = names
            .Where(_ => random.Next(8) > 0)
            .ToImmutableSortedDictionary(n => n, n => components[n].Versions[0]);
        var needs = Enumerable
            .Range(0, random.Next(1, 9))
            .Select(_ => RandomNeed(random, names, components))
            .DistinctBy(need => need.ToString());
        var facts = new CompatibilityFacts
        {
            Components = components,
            Needs = [.. needs],
            Now = now,
        };
        var wants = names
            .Where((_, i) => i == 0 || random.Next(3) == 0)
            .ToImmutableSortedDictionary(name => name, name => new Want(components[name].Versions[^1]));
        return (facts, wants);
    }

    private static Component RandomComponent(Random random) =>
        new()
        {
            Versions = [.. Enumerable.Range(0, random.Next(2, 6)).Select(i => $"{1 + (i / 2)}.{i % 2}")],
            Stride = (Stride)random.Next(4),
            Moves = random.Next(6) == 0 ? [new Move("<2", "<3"), new Move(">=2", "*")] : [],
        };

    private static Need RandomNeed(
        Random random,
        string[] names,
        ImmutableSortedDictionary<string, Component> components
    )
    {
        var subject = random.Next(names.Length);
        var other = (subject + random.Next(1, names.Length)) % names.Length;
        return new Need
        {
            Component = names[subject],
            Versions = RandomRange(random, components[names[subject]]),
            Of = names[other],
            Range = RandomRange(random, components[names[other]]),
        };
    }

    private static string RandomRange(Random random, Component component)
    {
        string[] signs = [">=", "<=", "", ">=", "!="];
        return signs[random.Next(signs.Length)] + component.Versions[random.Next(component.Versions.Length)];
    }

    /// <summary>The same questions by brute force: every state, breadth first.</summary>
    private static class Tried
    {
        public static int? Fewest(CompatibilityFacts facts, ImmutableSortedDictionary<string, Want> wants)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var queue = new Queue<(ImmutableSortedDictionary<string, string> State, int Steps)>();
            if (IsCompatible(facts, facts.Now))
                queue.Enqueue((facts.Now, 0));
            while (queue.TryDequeue(out var at))
            {
                if (IsWanted(wants, at.State))
                    return at.Steps;
                foreach (var next in Next(facts, at.State))
                {
                    if (seen.Add(string.Join(' ', next)) && IsCompatible(facts, next))
                        queue.Enqueue((next, at.Steps + 1));
                }
            }
            return null;
        }

        public static bool IsCompatible(CompatibilityFacts facts, ImmutableSortedDictionary<string, string> state) =>
            facts.Needs.All(need =>
                !Holds(need.Versions, state.GetValueOrDefault(need.Component))
                || Holds(need.Range, state.GetValueOrDefault(need.Of))
            );

        public static bool IsWanted(
            ImmutableSortedDictionary<string, Want> wants,
            ImmutableSortedDictionary<string, string> state
        ) => wants.All(want => Holds(want.Value.Range, state.GetValueOrDefault(want.Key)));

        private static IEnumerable<ImmutableSortedDictionary<string, string>> Next(
            CompatibilityFacts facts,
            ImmutableSortedDictionary<string, string> state
        ) =>
            from one in facts.Components
            let old = state.TryGetValue(one.Key, out var version) ? one.Value.IndexOf(version) : -1
            from next in Enumerable.Range(0, one.Value.Versions.Length)
            where old < 0 || one.Value.MayMove(old, next)
            select state.SetItem(one.Key, one.Value.Versions[next]);

        private static bool Holds(string range, string? version) =>
            version is not null && VersionRange.TryParse(range)!.Holds(VersionNumber.TryParse(version)!);
    }
}
