using Belay.Domain.Lint;
using Belay.Domain.Plans;
using Belay.Planning;

namespace Belay.Cli.Work;

/// <summary>Has lint judge plans by what their environment says, now.</summary>
internal static class Judging
{
    /// <summary>What stands against a plan that is only looked at.</summary>
    public static Judgement Judge(this Workplace place, LoadResult.Loaded loaded) =>
        Linter.Judge(loaded.Plan, place.Catalog, loaded.Environment.House, place.Clock.GetUtcNow(), starts: false);

    /// <summary>What people have accepted of a plan that is to run now.</summary>
    /// <exception cref="Refusal">Something stands against it that nobody has accepted.</exception>
    public static Judgement JudgeToRun(this Workplace place, Plan plan, EnvironmentFile environment) =>
        Refusing(Linter.Judge(plan, place.Catalog, environment.House, place.Clock.GetUtcNow(), starts: true));

    /// <summary>What people have accepted of going on now with a plan that was judged when it started.</summary>
    /// <exception cref="Refusal">The environment takes no changes now, and nobody has accepted that.</exception>
    public static Judgement JudgeToGoOn(this Workplace place, Plan plan, EnvironmentFile environment) =>
        Refusing(Linter.JudgeTime(plan, environment.House, place.Clock.GetUtcNow()));

    private static Judgement Refusing(Judgement judgement) =>
        judgement.Refusals.IsEmpty ? judgement : throw new Refusal(judgement.Refusals);
}
