using Belay.Bench.Measuring;

namespace Belay.Bench.Reporting;

/// <summary>What a step costs each of the contenders.</summary>
internal static class StepTable
{
    /// <summary>The table; ratios are those of <paramref name="ours"/> to each row.</summary>
    public static string Of(IReadOnlyList<Measured> all, Measured? ours) =>
        MarkdownTable.Of(
            ["", "steps", "rounds", "ms a step, median", "least", "greatest", "Belay to this", "flushes a step"],
            [
                .. all.Select(measured =>
                    (IReadOnlyList<string>)
                        [
                            measured.Entry.Label,
                            $"{measured.Entry.Steps:N0}",
                            $"{measured.PerStep.Count}",
                            Numbers.Short(measured.Median),
                            Numbers.Short(measured.PerStep[0]),
                            Numbers.Short(measured.PerStep[^1]),
                            ours is null ? "" : Numbers.Short(ours.Median / measured.Median),
                            measured.FlushesPerStep is { } flushes ? Numbers.Short(flushes) : "not counted",
                        ]
                ),
            ]
        );
}
