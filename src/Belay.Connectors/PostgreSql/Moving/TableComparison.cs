using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>Compares one table on two sides while rows are on their way: what differs is looked at again, until it has had its time.</summary>
internal sealed class TableComparison(KeyedTable table, Side from, Side to, SameInputs inputs, TimeProvider clock)
{
    private const int KeysNamed = 5;
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(20);

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

    // What the source was seen to hold of the rows that differed; null: it did not have the row.
    private readonly Dictionary<string, HashSet<string?>> seen = new(StringComparer.Ordinal);

    public async Task<ComparedPart> RunAsync(CancellationToken ct)
    {
        foreach (var setting in Shaping)
        {
            await from.RunAsync(setting, ct);
            await to.RunAsync(setting, ct);
        }
        var counts = await Task.WhenAll(table.CountAsync(from, ct), table.CountAsync(to, ct));
        var rows = counts[0];
        var share = rows > inputs.SampleAbove ? (double)inputs.SampleAbove / rows : 1;
        // Side by side: what is written between two readings, one after the other, would differ.
        var both = await Task.WhenAll(table.HashesAsync(from, share, ct), table.HashesAsync(to, share, ct));
        var (expected, copied) = (both[0], both[1]);
        var differing = Differing(expected, copied, [.. expected.Keys.Union(copied.Keys, StringComparer.Ordinal)]);
        // The time to settle begins when both were read: reading a large table lasts.
        var begun = clock.GetTimestamp();
        while (differing.Length > 0 && clock.GetElapsedTime(begun) < inputs.Settle)
        {
            var round = clock.GetTimestamp();
            differing = Differing(
                await table.HashesOfAsync(from, differing, ct),
                await table.HashesOfAsync(to, differing, ct),
                differing
            );
            // Half of the time is left to the servers, also where rows are many or have no index.
            var took = clock.GetElapsedTime(round);
            await Task.Delay(took > LeastInterval ? took : LeastInterval, clock, ct);
        }
        return new ComparedPart
        {
            Name = table.Name,
            Unit = "rows",
            InFrom = rows,
            InTo = counts[1],
            Compared = expected.Count,
            IsSample = share < 1,
            Differing = differing.Length,
            Examples = [.. differing.Order(StringComparer.Ordinal).Take(KeysNamed)],
        };
    }

    /// <summary>
    /// The rows of which the copy holds something that the source was not seen to hold since the comparison began. A row that is
    /// written all the time is never found equal on both sides at one moment, for the copy is always a little behind; but it
    /// holds what the source held a little before.
    /// </summary>
    private string[] Differing(Dictionary<string, string> here, Dictionary<string, string> there, string[] keys)
    {
        var left = new List<string>();
        foreach (var key in keys)
        {
            var (held, copied) = (here.GetValueOrDefault(key), there.GetValueOrDefault(key));
            if (held == copied)
                continue;
            if (!seen.TryGetValue(key, out var before))
                seen.Add(key, before = []);
            before.Add(held);
            if (!before.Contains(copied))
                left.Add(key);
        }
        return [.. left];
    }
}
