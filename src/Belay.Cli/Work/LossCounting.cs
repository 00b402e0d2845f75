using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine.Previews;
using Belay.Engine.Rollback;

namespace Belay.Cli.Work;

/// <summary>Counts what taking a run back would lose now, through the backups that the run has made.</summary>
internal static class LossCounting
{
    public static async Task<ImmutableArray<ForeseenLoss>> CountLossAsync(
        this Workplace place,
        RunReading reading,
        WayBack way,
        CancellationToken ct
    )
    {
        var environment = place.EnvironmentOf(reading);
        using var run = new PreviewRun(
            Path.GetDirectoryName(reading.Start!.PlanFile)!,
            environment,
            place.Children,
            place.Clock
        );
        return await new LossPreview
        {
            Catalog = place.Catalog,
            ScopeOf = run.ScopeOf,
            Sealed = place.Store.SealedValues,
            Clean = text => EventRedaction.Clean(text, [.. environment.Revealed]),
            Clock = place.Clock,
        }.CountAsync(reading, way, ct);
    }
}
