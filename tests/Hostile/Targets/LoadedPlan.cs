using Belay.Cli;
using Belay.Cli.Screens;
using Belay.Domain.Boundaries;
using Belay.Domain.Evidence;
using Belay.Domain.Lint;
using Belay.Domain.Memory;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning;

namespace Hostile.Targets;

/// <summary>What every plan that reads well must be good for.</summary>
internal static class LoadedPlan
{
    /// <summary>A Saturday.</summary>
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static void Use(LoadResult.Loaded loaded, Catalog catalog)
    {
        var plan = loaded.Plan;
        var house = loaded.Environment.House;
        var judgement = Linter.Judge(plan, catalog, house, Now, starts: true);
        _ = Linter.JudgeGoingOn(plan, judgement.Accepted, house, Now);
        _ = RiskRules.Uncounted(house.Acceptances, plan, loaded.Environment.Signers);
        _ = Sarif.Of("hostile.yaml", judgement);
        foreach (var line in JudgementText.Of(judgement))
            _ = line.ToString();
        var boundary = Boundary.Draw(plan, catalog);
        foreach (var line in BoundaryText.Of(plan, boundary))
            _ = line.ToString();
        _ = ForecastText.Words(Forecast.Of(plan, Measurements.None));
        HashIsKept(plan);
    }

    private static void HashIsKept(Plan plan)
    {
        var hash = PlanJson.Hash(plan);
        var again = PlanJson.Hash(PlanJson.Read(PlanJson.Write(plan)));
        if (hash != again)
            throw new BrokenPromiseException("the normalised plan, read again, has another hash");
    }
}
