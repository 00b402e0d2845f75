using Belay.Bench.Contenders;
using Belay.Bench.Reporting;

namespace Belay.Bench.SwitchOvers;

/// <summary>Moves the same database in several ways, in turns, under the same writers, and measures what the writers saw.</summary>
/// <param name="folder">A folder for all servers.</param>
/// <param name="versions">The major versions of the two servers.</param>
/// <param name="megabytes">About how large the database is.</param>
/// <param name="tell">Where to say how far it is.</param>
internal sealed class DatabaseSwitchOvers(
    string folder,
    (int From, int To) versions,
    int megabytes,
    Action<string> tell
)
{
    private const int Writers = 8;
    private const int Some = 400;

    /// <summary>One move, there or back.</summary>
    /// <param name="Move">Its name.</param>
    /// <param name="Freeze">How long it held the services back by its own clock; null: it did not.</param>
    /// <param name="Gaps">Of each writer the longest time without an acknowledgement.</param>
    /// <param name="Acknowledged">How many orders were acknowledged.</param>
    /// <param name="Failed">How many failed.</param>
    /// <param name="Lost">How many acknowledged ones the writer of record does not hold.</param>
    /// <param name="Duplicates">How many acknowledged ones got an invoice number that another one had got.</param>
    /// <param name="Took">From its begin to its end.</param>
    internal sealed record Turn(
        string Move,
        TimeSpan? Freeze,
        IReadOnlyList<TimeSpan> Gaps,
        long Acknowledged,
        long Failed,
        long Lost,
        long Duplicates,
        TimeSpan Took
    );

    /// <summary>How large the database was.</summary>
    public long Bytes { get; private set; }

    /// <summary>Asks every move once a round; the order goes on by one each round.</summary>
    public async Task<IReadOnlyList<Turn>> MeasureAsync(
        IReadOnlyList<IDatabaseMove> moves,
        int rounds,
        CancellationToken ct
    )
    {
        tell($"filling a database with about {megabytes} MB");
        // The user who runs the servers must be able to enter.
        Directory.CreateDirectory(folder);
        await using var pair = await DatabasePair.StartAsync(folder, versions, megabytes, ct);
        Bytes = pair.Bytes;
        var turns = new List<Turn>();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < moves.Count; i++)
            {
                var move = moves[(i + round) % moves.Count];
                tell($"round {round + 1} of {rounds}: {move.Name}");
                turns.AddRange(await TurnsAsync(move, pair, $"turn_{round}_{i}", ct));
            }
        }
        return turns;
    }

    /// <summary>The table, a line each move.</summary>
    public static string Table(IReadOnlyList<Turn> turns) =>
        MarkdownTable.Of(
            [
                "",
                "runs",
                "freeze, ms, p50",
                "greatest",
                "gap of a writer, ms, p50",
                "greatest",
                "acknowledged",
                "failed",
                "of them lost",
                "duplicate numbers",
                "s, median",
            ],
            [.. turns.GroupBy(turn => turn.Move, StringComparer.Ordinal).Select(group => Row([.. group]))]
        );

    /// <summary>The median of what a move held services back, ms; null: it did not.</summary>
    public static double? MedianFreeze(IEnumerable<Turn> turns)
    {
        var freezes = turns.Select(turn => turn.Freeze).OfType<TimeSpan>().Order().ToArray();
        return freezes.Length == 0 ? null : freezes[(freezes.Length - 1) / 2].TotalMilliseconds;
    }

    private static IReadOnlyList<string> Row(Turn[] turns)
    {
        var gaps = turns.SelectMany(turn => turn.Gaps).Order().ToArray();
        return
        [
            turns[0].Move,
            $"{turns.Length}",
            MedianFreeze(turns) is { } freeze ? Numbers.Short(freeze) : "none",
            turns.Max(turn => turn.Freeze) is { } greatest ? Numbers.Short(greatest.TotalMilliseconds) : "none",
            Numbers.Short(gaps[(gaps.Length - 1) / 2].TotalMilliseconds),
            Numbers.Short(gaps[^1].TotalMilliseconds),
            $"{turns.Sum(turn => turn.Acknowledged):N0}",
            $"{turns.Sum(turn => turn.Failed):N0}",
            $"{turns.Sum(turn => turn.Lost):N0}",
            $"{turns.Sum(turn => turn.Duplicates):N0}",
            Numbers.Short(turns.Select(turn => turn.Took.TotalSeconds).Order().ElementAt((turns.Length - 1) / 2)),
        ];
    }

    private async Task<IReadOnlyList<Turn>> TurnsAsync(
        IDatabaseMove move,
        DatabasePair pair,
        string name,
        CancellationToken ct
    )
    {
        await using var site = await DatabaseSite.OpenAsync(pair, name, Path.Combine(folder, name), ct);
        await using var first = OrderWriters.Start(site.Endpoint, "there", Writers);
        var there = await TurnAsync(move.Name, first, () => move.ThereAsync(site, ct), ct);
        var turns = new List<Turn>
        {
            there with
            {
                Lost = await first.LostAsync(pair.New, name, ct),
                Duplicates = Duplicates(first),
            },
        };
        if (move.HasWayBack)
        {
            await using var second = OrderWriters.Start(site.Endpoint, "back", Writers);
            var back = await TurnAsync($"{move.Name}: the way back", second, () => move.BackAsync(site, ct), ct);
            turns.Add(
                back with
                {
                    Lost = await first.LostAsync(pair.Old, name, ct) + await second.LostAsync(pair.Old, name, ct),
                    Duplicates = Duplicates(first, second),
                }
            );
        }
        return turns;
    }

    private static async Task<Turn> TurnAsync(
        string name,
        OrderWriters writers,
        Func<Task<TimeSpan?>> move,
        CancellationToken ct
    )
    {
        await writers.WriteMoreAsync(Some, ct);
        writers.ResetGaps();
        var begun = TimeProvider.System.GetTimestamp();
        var freeze = await move();
        var took = TimeProvider.System.GetElapsedTime(begun);
        await writers.WriteMoreAsync(Some, ct);
        IReadOnlyList<TimeSpan> gaps = [.. writers.Gaps];
        await writers.StopAsync();
        return new Turn(name, freeze, gaps, writers.Acknowledged.Count, writers.Failures.Count, 0, 0, took);
    }

    private static long Duplicates(params OrderWriters[] all)
    {
        var invoices = all.SelectMany(writers => writers.Acknowledged).Select(order => order.Invoice).ToArray();
        return invoices.Length - invoices.Distinct().Count();
    }
}
