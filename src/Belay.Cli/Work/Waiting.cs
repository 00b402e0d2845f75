using Belay.Cli.Screens;
using Belay.Domain.Readings;
using Belay.Engine.Ports;

namespace Belay.Cli.Work;

/// <summary>Waits for what an engine in another process journals.</summary>
internal static class Waiting
{
    /// <summary>The first reading of which something is true; or the last one there will be, because nobody is at work on the run any more.</summary>
    public static async Task<RunReading> UntilAsync(
        this Workplace place,
        string run,
        Func<RunReading, bool> isSo,
        CancellationToken ct
    )
    {
        var known = (await place.Runs.ReadAsync(run, ct)).Sequence;
        return await new Follower(place.Store.Journals, place.Clock).FollowAsync(
            run,
            after: Task.FromResult(known),
            new NoScreen(),
            async reading => reading.Sequence >= known && (isSo(reading) || await place.IsLeftAsync(reading, ct)),
            ct
        );
    }

    /// <summary>Whether nobody is at work on a run any more, and the reading holds all that was journaled.</summary>
    public static async ValueTask<bool> IsLeftAsync(this Workplace place, RunReading reading, CancellationToken ct) =>
        // Who holds nothing any more may have journaled its end a moment ago: the journal is asked after the lease.
        await place.EngineOfAsync(reading, ct) is null
        && (await place.Runs.ReadAsync(reading.Run, ct)).Sequence == reading.Sequence;

    /// <summary>Who is at work on a run, or stays with it while it is parked; null: nobody. Another run of its environment may be under way.</summary>
    public static async Task<LeaseHolder?> EngineOfAsync(this Workplace place, RunReading reading, CancellationToken ct)
    {
        // In this order: who stays with a run lets go of it when they have the lease.
        var stays = await place.Store.Leases.StayingAsync(reading.Run, ct);
        var holder = await place.Store.Leases.HolderAsync(reading.Plan!.Environment, ct);
        return holder?.Run == reading.Run ? holder : stays;
    }
}
