using System.Collections.Immutable;
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
            RunStatus.Running or RunStatus.RollingBack => "Last event",
            _ => "Ended",
        };

    private static string Steps(RunRecord run)
    {
        var states = run.Leaves().Select(node => Say.State(node).Text).CountBy(words => words, StringComparer.Ordinal);
        return string.Join(", ", states.Select(state => $"{Say.Number(state.Value)} {state.Key}"));
    }
}
