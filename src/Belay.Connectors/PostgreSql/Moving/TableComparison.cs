namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>Compares one table on two sides while rows are on their way: what differs is looked at again, until it has had its time.</summary>
internal sealed class TableComparison(KeyedTable table, Side from, Side to, SameInputs inputs, TimeProvider clock)
{
    private const int KeysNamed = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // Rows are compared as text, so everything that shapes text is fixed; row security does not hold for superusers.
    private static readonly string[] Shaping =
    [
        "SET datestyle = 'ISO, YMD'",
        "SET timezone = 'UTC'",
        "SET intervalstyle = 'postgres'",
        "SET extra_float_digits = 3",
        "SET bytea_output = 'hex'",
        "SET lc_monetary = 'C'",
    ];

    public async Task<ComparedTable> RunAsync(CancellationToken ct)
    {
        foreach (var setting in Shaping)
        {
            await from.RunAsync(setting, ct);
            await to.RunAsync(setting, ct);
        }
        var rows = await table.CountAsync(from, ct);
        var share = rows > inputs.SampleAbove ? (double)inputs.SampleAbove / rows : 1;
        var expected = await table.HashesAsync(from, share, null, ct);
        var differing = Differing(expected, await table.HashesAsync(to, share, null, ct));
        // The time to settle begins when both were read: reading a large table lasts.
        var begun = clock.GetTimestamp();
        while (differing.Length > 0 && clock.GetElapsedTime(begun) < inputs.Settle)
        {
            await Task.Delay(Interval, clock, ct);
            var now = await table.HashesAsync(from, 1, differing, ct);
            differing = Differing(now, await table.HashesAsync(to, 1, differing, ct));
        }
        return new ComparedTable(
            table.Name,
            rows,
            expected.Count,
            differing.Length,
            [.. differing.Order(StringComparer.Ordinal).Take(KeysNamed)]
        );
    }

    private static string[] Differing(Dictionary<string, string> here, Dictionary<string, string> there) =>
        [
            .. here
                .Keys.Union(there.Keys, StringComparer.Ordinal)
                .Where(key => here.GetValueOrDefault(key) != there.GetValueOrDefault(key)),
        ];
}
