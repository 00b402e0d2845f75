using Belay.Bench.Contenders;
using Belay.Bench.Reporting;
using Belay.Parts;

namespace Belay.Bench.CutOvers;

/// <summary>Moves the same keys in several ways, in turns, under the same writers, and measures what the writers saw.</summary>
/// <param name="folder">A folder for all servers.</param>
/// <param name="keys">How many keys.</param>
/// <param name="tell">Where to say how far it is.</param>
internal sealed class RedisCutOvers(string folder, int keys, Action<string> tell)
{
    private const int Writers = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>One move.</summary>
    /// <param name="Move">Its name.</param>
    /// <param name="Gaps">Of each writer the longest time without an acknowledgement.</param>
    /// <param name="Acknowledged">How many writes were acknowledged in all.</param>
    /// <param name="Lost">How many of them the new server does not hold.</param>
    /// <param name="Missing">How many of the keys from before it does not hold.</param>
    /// <param name="Took">From its begin to its end.</param>
    internal sealed record Turn(
        string Move,
        IReadOnlyList<TimeSpan> Gaps,
        long Acknowledged,
        int Lost,
        long Missing,
        TimeSpan Took
    );

    /// <summary>Asks every move once a round; the order goes on by one each round.</summary>
    public async Task<IReadOnlyList<Turn>> MeasureAsync(
        IReadOnlyList<IRedisMove> moves,
        int rounds,
        CancellationToken ct
    )
    {
        var snapshot = await SeedAsync(ct);
        var turns = new List<Turn>();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < moves.Count; i++)
            {
                var move = moves[(i + round) % moves.Count];
                tell($"round {round + 1} of {rounds}: {move.Name}");
                turns.Add(await TurnAsync(move, $"{round}-{i}", snapshot, ct));
            }
        }
        File.Delete(snapshot);
        return turns;
    }

    /// <summary>The table, a line each move.</summary>
    public static string Table(IReadOnlyList<IRedisMove> moves, IReadOnlyList<Turn> turns) =>
        MarkdownTable.Of(
            [
                "",
                "rounds",
                "gap of a writer, ms, p50",
                "greatest",
                "acknowledged",
                "of them lost",
                "keys missing",
                "s, median",
            ],
            [.. moves.Select(move => turns.Where(turn => turn.Move == move.Name).ToArray()).Select(Row)]
        );

    /// <summary>The median of the writers' longest gaps, ms.</summary>
    public static double MedianGap(IEnumerable<Turn> turns)
    {
        var gaps = turns.SelectMany(turn => turn.Gaps).Order().ToArray();
        return gaps[(gaps.Length - 1) / 2].TotalMilliseconds;
    }

    private static IReadOnlyList<string> Row(Turn[] turns) =>
        [
            turns[0].Move,
            $"{turns.Length}",
            Numbers.Short(MedianGap(turns)),
            Numbers.Short(turns.SelectMany(turn => turn.Gaps).Max().TotalMilliseconds),
            $"{turns.Sum(turn => turn.Acknowledged):N0}",
            $"{turns.Sum(turn => turn.Lost):N0}",
            $"{turns.Sum(turn => turn.Missing):N0}",
            Numbers.Short(turns.Select(turn => turn.Took.TotalSeconds).Order().ElementAt((turns.Length - 1) / 2)),
        ];

    private async Task<Turn> TurnAsync(IRedisMove move, string name, string snapshot, CancellationToken ct)
    {
        await using var site = await CacheSite.StartAsync(
            Directory.CreateDirectory(Path.Combine(folder, name)).FullName,
            snapshot,
            ct
        );
        await using var writers = RedisWriters.Start(
            new RedisWritersOptions { Count = Writers, Endpoint = () => site.Endpoint }
        );
        await writers.WriteMoreAsync(200, Patience, ct);
        writers.ResetGaps();
        var begun = TimeProvider.System.GetTimestamp();
        await move.MoveAsync(site, ct);
        var took = TimeProvider.System.GetElapsedTime(begun);
        await writers.WriteMoreAsync(200, Patience, ct);
        var gaps = writers.Gaps;
        await writers.StopAsync();
        if (site.Endpoint != site.New.Endpoint)
            throw new ContenderException($"{move.Name} did not switch the services");
        using var look = await RedisWire.OpenAsync(site.New.Endpoint, null, ct);
        var there = long.Parse((await look.CallAsync(ct, "DBSIZE"))[0]!);
        var lost = (await writers.LostAsync(site.New.Endpoint, ct)).Count;
        return new Turn(
            move.Name,
            gaps,
            writers.Acknowledged,
            lost,
            Math.Max(0, keys + writers.Acknowledged - lost - there),
            took
        );
    }

    /// <summary>A file with all keys, from which every old server starts.</summary>
    private async Task<string> SeedAsync(CancellationToken ct)
    {
        tell($"filling a server with {keys:N0} keys");
        var seed = Directory.CreateDirectory(Path.Combine(folder, "seed")).FullName;
        await using (var server = await RedisServer.StartAsync(CacheSite.Options(RedisFlavor.Redis, seed), ct))
        {
            using var wire = await RedisWire.OpenAsync(server.Endpoint, null, ct);
            await RedisSeed.FillAsync(wire, keys, ct);
            await wire.CallAsync(ct, "SAVE");
        }
        return Path.Combine(seed, "dump.rdb");
    }
}
