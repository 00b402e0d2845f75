using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>On the way back a restore comes before the undo of everything that the plan did earlier: it must not take a store back to a schema with which code that still runs then cannot live.</summary>
internal static class RestoreLeavesRelease
{
    public const string Code = "restore-leaves-release";

    public static IEnumerable<Finding> Check(Outline outline, Releases releases)
    {
        var coming = releases.NewCode().ToArray();
        return from pair in Backups.Of(outline)
            from place in pair.Saved.Select(touch => ResourceNames.PlaceOf(touch.Resource)).Distinct()
            where releases.Stores.ContainsKey(place)
            let window = releases.WindowOf(outline.Plan.To, place)
            let schema = releases.Stores[place].At(pair.Backup)
            where window is not null && (schema < window.Least || schema > window.Greatest)
            let running = Array.Find(coming, step => step.Ordinal < pair.Change.Ordinal)
            where running is not null
            select new Finding
            {
                Code = Code,
                Step = pair.Change.Id,
                Message =
                    $"'{pair.Change.Name}' is taken back by restoring '{pair.Backup.Name}', which brings {place} back to schema {schema} "
                    + $"while release {outline.Plan.To}, which '{running.Name}' brought in, still runs and needs {Words.Of(window)}",
                Hint = $"make another backup directly before '{pair.Change.Id}', and name that one",
            };
    }
}
