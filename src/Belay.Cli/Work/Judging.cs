using System.Collections.Immutable;
using Belay.Domain.Evidence;
using Belay.Domain.Lint;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Planning;

namespace Belay.Cli.Work;

/// <summary>Has lint judge plans by what their environment says, now.</summary>
internal static class Judging
{
    /// <summary>What stands against a plan that is only looked at.</summary>
    public static Judgement Judge(this Workplace place, LoadResult.Loaded loaded) =>
        Counted(
            loaded.Plan,
            loaded.Environment,
            house => Linter.Judge(loaded.Plan, place.Catalog, house, place.Clock.GetUtcNow(), starts: false)
        );

    /// <summary>What people have accepted of a plan that is to run now.</summary>
    /// <exception cref="Refusal">Something stands against it that nobody has accepted.</exception>
    public static Judgement JudgeToRun(this Workplace place, Plan plan, EnvironmentFile environment) =>
        Refusing(
            Counted(
                plan,
                environment,
                house => Linter.Judge(plan, place.Catalog, house, place.Clock.GetUtcNow(), starts: true)
            )
        );

    /// <summary>What people accept of going on now with a plan that was judged when it started.</summary>
    /// <exception cref="Refusal">The environment takes no changes now, or something was accepted only for a while that has passed.</exception>
    public static Judgement JudgeToGoOn(this Workplace place, RunReading reading, EnvironmentFile environment) =>
        Refusing(
            Counted(
                reading.Plan!,
                environment,
                house =>
                    Linter.JudgeGoingOn(
                        reading.Plan!,
                        reading.Accepted.Where(risk => reading.Find(risk.Step)?.State != StepState.Done),
                        house,
                        place.Clock.GetUtcNow()
                    )
            )
        );

    /// <summary>Judges with the acceptances that count as they are signed; a finding whose acceptance does not count says why.</summary>
    private static Judgement Counted(Plan plan, EnvironmentFile environment, Func<HouseRules, Judgement> judge)
    {
        var house = environment.House;
        var uncounted = RiskRules.Uncounted(house.Acceptances, plan, environment.Signers);
        var left = uncounted.Select(one => one.Entry).ToImmutableHashSet();
        var judgement = judge(
            house with
            {
                Acceptances = [.. house.Acceptances.Where(entry => !left.Contains(entry))],
            }
        );
        return judgement with { Findings = [.. judgement.Findings.Select(finding => Told(finding, uncounted))] };
    }

    private static Finding Told(Finding finding, ImmutableArray<(Acceptance Entry, string Why)> uncounted) =>
        uncounted.FirstOrDefault(one => one.Entry.Code == finding.Code && one.Entry.Step == finding.Step)
            is ({ } entry, { } why)
            ? finding with
            {
                Hint = $"{finding.Hint}; the acceptance by {entry.By} does not count: {why}",
            }
            : finding;

    private static Judgement Refusing(Judgement judgement) =>
        judgement.Refusals.IsEmpty ? judgement : throw new Refusal(judgement.Refusals);
}
