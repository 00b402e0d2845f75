using System.Collections.Immutable;
using Belay.Domain.Boundaries;
using Belay.Domain.Journal;
using Belay.Domain.Memory;
using Belay.Domain.Plans;
using Belay.Engine.Ports;

namespace Belay.Cli.Work;

/// <summary>What the runs of an environment that are kept here tell of the times of its steps.</summary>
internal static class EarlierRuns
{
    /// <summary>The newest runs are read and no more: times of long ago say little, and the answer must come at once.</summary>
    private const int Most = 30;

    /// <param name="place">The workplace.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="except">A run that does not count; null: all do.</param>
    /// <param name="ct">Cancels the reading.</param>
    public static async Task<Measurements> MeasuredAsync(
        this Workplace place,
        string environment,
        string? except,
        CancellationToken ct
    )
    {
        var (journals, file) = (place.Store.Journals, place.Store.MeasuredFile(environment));
        var noted = file is null ? MeasuredRuns.None : MeasuredRuns.Read(file);
        var runs = new List<MeasuredRun>();
        foreach (var run in (await journals.ListAsync(environment, ct)).Where(known => known.Run != except).Take(Most))
        {
            var state = MeasuredRun.StateOf(place.JournalFile(run.Run));
            runs.Add(
                noted.Find(run.Run, state)
                    ?? new MeasuredRun(run.Run, state, StepTimes.Of(await EntriesAsync(journals, run.Run, ct)))
            );
        }
        if (file is not null)
            new MeasuredRuns([.. runs]).WriteOver(noted, file);
        return Measurements.Of(runs.SelectMany(run => run.Times));
    }

    /// <summary>The boundary of a plan that has not begun, with the times that going back took in earlier runs.</summary>
    public static ImmutableArray<BoundaryLine> BoundaryOf(this Workplace place, Plan plan, Measurements measured) =>
        Boundary.Draw(plan, place.Catalog, new BoundaryFacts { TakesBack = measured.TakingBack(plan) });

    // A journal that is damaged further on tells what stands before the damage; its own verbs say that it is damaged.
    private static async Task<List<JournalEntry>> EntriesAsync(IJournalStore journals, string run, CancellationToken ct)
    {
        var entries = new List<JournalEntry>();
        try
        {
            await foreach (var entry in journals.ReadAsync(run, ct))
                entries.Add(entry);
        }
        catch (JournalException e) when (e.Fault == JournalFault.Damaged)
        {
            // What was read so far is proven.
        }
        return entries;
    }
}
