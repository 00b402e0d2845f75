using System.Collections.Immutable;
using System.Text.Json;
using Belay.Cli;
using Belay.Cli.Screens;
using Belay.Cli.Status;
using Belay.Domain.Boundaries;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Memory;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;
using Belay.Stores.Files;
using Belay.Views;
using Hostile.Corpus;

namespace Hostile.Targets;

/// <summary>What is shown, computed and stated of every journal whose chain is whole as far as it was read.</summary>
internal static class ReadRun
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static void Use(RunAccount account, List<JournalEntry> entries, JournalProof? whole)
    {
        var reading = account.Reading;
        foreach (var entry in entries)
            _ = EventWords.Of(entry.Event);
        var boundary = Boundary.Draw(reading.Plan!, PlanCorpus.Real, BoundaryFacts.Of(reading));
        foreach (var line in TreeLines.Of(reading, boundary, Now, height: 40))
            _ = line.ToString();
        var known = Measurements.Of(StepTimes.Of(entries));
        var status = StatusReporter.Of(reading, null, ImmutableDictionary<string, SourcePosition>.Empty) with
        {
            TimeLeft = Forecast.Of(reading, known, Now),
        };
        foreach (var line in StatusText.Of(status, Now))
            _ = line.ToString();
        _ = JsonSerializer.Serialize(status, CliJson.Instance.StatusReport);
        _ = Forecast.Of(reading.Plan!, known);
        _ = WayBack.Of(reading, to: null);
        _ = RunComparison.Of(SignedRun.Account.Reading, reading);
        _ = PlanJson.Hash(reading.Plan!);
        _ = FactLog.Of(reading.Milestones);
        _ = EvidenceCheck.BadWords(account, SignedRun.People).Count();
        _ = account.State(whole?.Sha256 ?? "");
        if (whole is not null)
            Report(entries, boundary);
    }

    private static void Report(List<JournalEntry> entries, ImmutableArray<BoundaryLine> boundary)
    {
        using var html = new StringWriter();
        ReportWriter.HtmlAsync(entries, boundary, html).GetAwaiter().GetResult();
        if (html.ToString().Contains("<script", StringComparison.OrdinalIgnoreCase))
            throw new BrokenPromiseException("the report holds a script");
        using var markdown = new StringWriter();
        ReportWriter.MarkdownAsync(entries, boundary, markdown).GetAwaiter().GetResult();
    }
}
