namespace Belay.Bench.Reporting;

/// <summary>A number that we want to stay under. A reading, not a test: the machine has its part in it.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Most">The greatest number that meets the goal.</param>
/// <param name="Measured">The number; null when it was not measured.</param>
/// <param name="Unit">The unit; empty for a ratio.</param>
internal sealed record Goal(string What, double Most, double? Measured, string Unit = "")
{
    /// <summary>The table of all goals.</summary>
    public static string Table(IEnumerable<Goal> goals) =>
        MarkdownTable.Of(
            ["", "goal, at most", "measured", ""],
            [
                .. goals.Select(goal =>
                    (IReadOnlyList<string>)
                        [
                            goal.What,
                            goal.Text(goal.Most),
                            goal.Measured is { } measured ? goal.Text(measured) : "not measured",
                            goal.Measured is null ? ""
                            : goal.Measured <= goal.Most ? "met"
                            : "not met",
                        ]
                ),
            ]
        );

    private string Text(double value) => Unit.Length == 0 ? Numbers.Short(value) : $"{Numbers.Short(value)} {Unit}";
}
