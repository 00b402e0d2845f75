using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Plans;

namespace Belay.Domain.Boundaries;

/// <summary>What going back to the start costs at a place of the plan.</summary>
/// <param name="Reversal">The weakest of all changes so far.</param>
/// <param name="Backups">The steps whose backups are restored.</param>
/// <param name="Cause">The change that made it as weak as it is; null when all are exact.</param>
/// <param name="Takes">How long it takes, as far as it was measured; null when nothing was.</param>
/// <param name="IsMeasured">Whether every change so far was measured.</param>
internal sealed record Standing(
    Reversal Reversal,
    ImmutableArray<string> Backups,
    string? Cause,
    Measured? Takes,
    bool IsMeasured
)
{
    public static Standing Start { get; } = new(Reversal.Exact, [], Cause: null, Takes: null, IsMeasured: true);

    /// <summary>The standing after two groups that began from one: both costs count.</summary>
    public static Standing Worst(Standing a, Standing b) =>
        (b.Reversal > a.Reversal ? b : a) with
        {
            Backups = [.. a.Backups.Union(b.Backups, StringComparer.Ordinal)],
            Takes = a.Takes is null || b.Takes?.Typical > a.Takes.Typical ? b.Takes : a.Takes,
            IsMeasured = a.IsMeasured && b.IsMeasured,
        };

    public Standing After(DoItem item, Reversal reversal)
    {
        var next = reversal > Reversal ? this with { Reversal = reversal, Cause = item.Id } : this;
        return item.Restore is { } backup && reversal == Reversal.Restore && !Backups.Contains(backup)
            ? next with
            {
                Backups = Backups.Add(backup),
            }
            : next;
    }

    public Standing Taking(Measured? more) =>
        more is null ? this with { IsMeasured = false }
        : Takes is null ? this with { Takes = more }
        : this with { Takes = new Measured(Takes.Typical + more.Typical, Math.Min(Takes.Runs, more.Runs)) };

    /// <param name="own">How the change alone is taken back, after which this stands; null when it is about no single change.</param>
    /// <param name="facts">What is known beyond the plan.</param>
    public string Words(Reversal? own, BoundaryFacts facts) =>
        Reversal switch
        {
            Reversal.Never when own == Reversal.Never => "never: nothing before this can be taken back without loss",
            Reversal.Never => $"never: {Cause} cannot be taken back",
            Reversal.Restore when own == Reversal.Exact => $"restore from {Names}, then exact: {Lost(facts)}{Time}",
            Reversal.Restore => $"restore from {Names}: {Lost(facts)}{Time}",
            _ => $"exact{Time}",
        };

    private string Names => Backups.IsEmpty ? "a backup that the plan does not name" : string.Join(" and ", Backups);

    private string Lost(BoundaryFacts facts) =>
        Backups.Select(facts.TakenAt).ToArray() is [_, ..] times && Array.TrueForAll(times, time => time is not null)
            ? $"writes after {string.Join(" and ", times.Select(time => time!.Value.ToString("u", CultureInfo.InvariantCulture)))} are lost"
            : "writes after the backup are lost";

    private string Time =>
        Takes is null
            ? ""
            : $", {(IsMeasured ? "about" : "at least")} {Duration.Rounded(Takes.Typical)}, measured on {Takes.Runs} {(Takes.Runs == 1 ? "run" : "runs")}";
}
