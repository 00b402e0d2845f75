using Belay.Releases.Reading;

namespace Belay.Releases.Comparing;

/// <summary>Charts and what they are made of.</summary>
internal static class ChartChanges
{
    public static IEnumerable<ReleaseChange> Of(ReleaseFacts old, ReleaseFacts now) =>
        from pair in Pairing.Of(old.Charts, now.Charts, chart => chart.Name)
        where pair.Old?.Version != pair.New?.Version || pair.Old?.AppVersion != pair.New?.AppVersion
        select new ReleaseChange
        {
            Area = ReleaseArea.Charts,
            Kind =
                pair.Old is null ? ChangeKind.Added
                : pair.New is null ? ChangeKind.Removed
                : ChangeKind.Changed,
            Name = pair.Name,
            Old = Words(pair.Old),
            New = Words(pair.New),
            Weight = pair.New is null ? Weight.Look : Weight.Know,
            Meaning = pair.New is null ? "what it installed stays until somebody removes it" : null,
            Place = (pair.New ?? pair.Old)!.Place,
        };

    private static string? Words(ChartFact? chart) =>
        chart is null ? null
        : chart.AppVersion is null ? chart.Version
        : $"{chart.Version} (of {chart.AppVersion})";
}
