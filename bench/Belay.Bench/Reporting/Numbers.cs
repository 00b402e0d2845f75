namespace Belay.Bench.Reporting;

/// <summary>Numbers as the tables show them.</summary>
internal static class Numbers
{
    /// <summary>Three digits that count, at most three behind the point.</summary>
    public static string Short(double value) =>
        value switch
        {
            >= 100 => $"{value:N0}",
            >= 10 => $"{value:N1}",
            >= 1 => $"{value:N2}",
            _ => $"{value:N3}",
        };
}
