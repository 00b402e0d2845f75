using System.Collections.Immutable;
using Belay.Domain.Boundaries;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Views.Sections;

namespace Belay.Views.Reports;

/// <summary>Makes the report of a run from its journal.</summary>
public static class ReportBuilder
{
    /// <param name="entries">The journal from its first event.</param>
    /// <param name="boundary">The boundary of the plan that runs now.</param>
    /// <exception cref="ArgumentException">The journal does not begin with the start of a run.</exception>
    public static Report Build(IReadOnlyList<JournalEntry> entries, IReadOnlyList<BoundaryLine> boundary)
    {
        var run = new RunRecord(entries, boundary);
        var status = Say.Status(run.Reading.Status);
        var plan = run.Plan;
        return new Report
        {
            Kind = "Upgrade report",
            Title = $"{plan.Upgrade} from {plan.From} to {plan.To}",
            Status = status.Text,
            Tone = status.Tone,
            Lead = Lead(run),
            Sections =
            [
                .. new[]
                {
                    SummarySection.Of(run),
                    HaltsSection.Of(run),
                    MeasuredSection.Of(run),
                    ComparedSection.Of(run),
                    BoundarySection.Of(run),
                    StepsSection.Of(run),
                    WatchesSection.Of(run),
                    PeopleSection.Of(run),
                    ChangesSection.Of(run),
                    ChecksSection.Of(run),
                    CommandsSection.Of(run),
                    JournalSection.Of(run),
                }.OfType<Section>(),
            ],
        };
    }

    private static string Lead(RunRecord run)
    {
        var reading = run.Reading;
        var took = Say.Span((reading.StoppedAt ?? reading.LastAt) - reading.StartedAt);
        return reading.Status switch
        {
            RunStatus.Done => $"The new release is in place. The run took {took}.",
            RunStatus.RolledBack => $"The run went back, each undo verified. It took {took}.",
            RunStatus.Failed => $"The run ended before it had changed anything: {reading.Failure?.Why}",
            RunStatus.Halted => $"The run stopped after {took} and waits for a person: {reading.Halt?.Why}",
            RunStatus.Abandoned => $"A person ended the run as it stood, after {took}.",
            RunStatus.Parked when reading.Parked is { } at =>
                $"The run was parked when this was written: it soaks until {Say.Time(at.Parking.Until)}, and lets runs pass that touch nothing of it.",
            RunStatus.RollingBack => $"The run was going back when this was written, {took} after its start.",
            _ => $"The run was under way when this was written, {took} after its start.",
        };
    }
}
