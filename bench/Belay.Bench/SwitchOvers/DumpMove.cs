using System.Diagnostics;
using Belay.Parts;

namespace Belay.Bench.SwitchOvers;

/// <summary>Services are held back by PAUSE, the database is piped from pg_dump into pg_restore, the pooler is led there, RESUME. Nothing is lost, and services wait for the whole copy.</summary>
internal sealed class DumpMove : IDatabaseMove
{
    public string Name => "pause, pg_dump into pg_restore, switch";

    public bool HasWayBack => false;

    // A dump for a newer server is made with the newer server's pg_dump, of which there is none.
    public int NewestVersion => 15;

    public async Task<TimeSpan?> ThereAsync(DatabaseSite site, CancellationToken ct)
    {
        await site.CommandAsync("PAUSE shop", ct);
        var begun = Stopwatch.GetTimestamp();
        await site.RunAsync(
            $"pg_dump -Fc -Z0 -h 127.0.0.1 -p {site.Pair.Old.Port} -U {PostgresServer.User} {site.Name}"
                + $" | pg_restore -h 127.0.0.1 -p {site.Pair.New.Port} -U {PostgresServer.User} -d {site.Name} --exit-on-error",
            ct
        );
        await site.PointAsync(ct);
        await site.CommandAsync("RELOAD", ct);
        await site.CommandAsync("RESUME shop", ct);
        return Stopwatch.GetElapsedTime(begun);
    }

    public Task<TimeSpan?> BackAsync(DatabaseSite site, CancellationToken ct) => Task.FromResult<TimeSpan?>(null);
}
