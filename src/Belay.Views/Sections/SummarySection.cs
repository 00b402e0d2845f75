using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Views.Reports;

namespace Belay.Views.Sections;

/// <summary>What was run, where, when, by whom.</summary>
internal static class SummarySection
{
    public static Section Of(RunRecord run)
    {
        var reading = run.Reading;
        var start = run.Start;
        ImmutableArray<ImmutableArray<Cell>> rows =
        [
            ["Upgrade", run.Plan.Upgrade],
            ["Releases", $"{run.Plan.From} to {run.Plan.To}"],
            ["Environment", run.Plan.Environment],
            ["Status", Say.Status(reading.Status)],
            ["Started", Say.Time(reading.StartedAt)],
            [Ended(reading), Say.Time(reading.StoppedAt ?? reading.LastAt)],
            ["Took", Say.Span((reading.StoppedAt ?? reading.LastAt) - reading.StartedAt)],
            ["Steps", Steps(run)],
            .. Parked(run),
            ["Started by", start.By],
            ["Host", start.Host],
            ["Belay", start.Version],
            ["Plan file", start.PlanFile],
            ["Plan hash", reading.PlanHash],
            ["Run", reading.Run],
        ];
        return new Section(
            "summary",
            "Summary",
            [
                new Block.Rows(
                    new Table
                    {
                        Caption = "The run",
                        Columns = ["What", "Value"],
                        Rows = rows,
                    }
                ),
            ]
        );
    }

    private static string Ended(RunReading reading) =>
        reading.Status switch
        {
            RunStatus.Halted => "Halted",
            RunStatus.Running or RunStatus.RollingBack or RunStatus.Parked => "Last event",
            _ => "Ended",
        };

    /// <summary>When it gave its environment back because it only waited, and which waiting runs it passed.</summary>
    private static IEnumerable<ImmutableArray<Cell>> Parked(RunRecord run)
    {
        if (run.Start.Beside is { IsDefaultOrEmpty: false } beside)
            yield return ["Passed", $"{string.Join(", ", beside)}, parked then; nothing that they touch is touched"];
        DateTimeOffset? since = null;
        var times = new List<string>();
        foreach (var entry in run.Reading.Milestones)
        {
            switch (entry.Event)
            {
                case RunParked:
                    since = entry.At;
                    break;
                case RunWoken or RunResumed or RollbackStarted or RunAbandoned when since is { } from:
                    times.Add(Words(from, entry.At));
                    since = null;
                    break;
            }
        }
        if (since is { } still)
            times.Add($"since {Say.Time(still)}");
        if (times.Count > 0)
            yield return ["Parked", string.Join("; ", times)];
    }

    private static string Words(DateTimeOffset from, DateTimeOffset to) =>
        $"{Say.Time(from)} to {Say.Time(to)} ({Say.Span(to - from)})";

    private static string Steps(RunRecord run)
    {
        var states = run.Leaves().Select(node => Say.State(node).Text).CountBy(words => words, StringComparer.Ordinal);
        return string.Join(", ", states.Select(state => $"{Say.Number(state.Value)} {state.Key}"));
    }
}
