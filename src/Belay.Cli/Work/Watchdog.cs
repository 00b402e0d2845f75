using Belay.Connectors.Commands;
using Belay.Domain.Contract;
using Belay.Domain.Readings;
using Belay.Engine;
using Belay.Engine.Ports;
using Belay.Planning;

namespace Belay.Cli.Work;

/// <summary>Keeps the deadline of one freeze: waits until it has ended, or ends it when its time is over and its engine has not.</summary>
/// <param name="place">Where belay works.</param>
/// <param name="environment">The run's environment.</param>
/// <param name="run">The run.</param>
/// <param name="step">The freeze.</param>
/// <param name="engine">Who armed it.</param>
/// <param name="armedAt">The last event before it was armed: a freeze that had come and gone by then is another one's.</param>
internal sealed class Watchdog(
    Workplace place,
    EnvironmentFile environment,
    string run,
    string step,
    ProcessIdentity engine,
    long armedAt
)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <param name="over">Cancelled when the time of the freeze is over.</param>
    public async Task KeepAsync(CancellationToken over)
    {
        var ended = await HasEndedAsync(over);
        while (!ended)
        {
            ended = await EndAsync();
            await Task.Delay(Poll, place.Clock, CancellationToken.None);
        }
    }

    /// <summary>Reads the journal along until the freeze has come and gone.</summary>
    /// <returns>False when its time is over before.</returns>
    private async Task<bool> HasEndedAsync(CancellationToken over)
    {
        var (reading, stood) = (new RunReading(), false);
        await foreach (var entry in place.Store.Journals.FollowAsync(run, over))
        {
            reading.Apply(entry);
            var stands = Stands(reading);
            if (entry.Sequence <= armedAt)
            {
                stood = stands;
                continue;
            }
            // A run that stopped with its freeze standing could not end it: that is what the deadline is for.
            if (!stands && (stood || reading.StoppedAt is not null))
                return true;
            stood |= stands;
        }
        return false;
    }

    /// <summary>Ends the freeze if it stands.</summary>
    /// <returns>False when it has to be looked at again.</returns>
    private async Task<bool> EndAsync()
    {
        var reading = await place.Runs.ReadAsync(run, CancellationToken.None);
        if (!Stands(reading))
            // An engine that lives may still begin it.
            return reading.StoppedAt is not null || ChildProcesses.Live(engine.Pid) != engine;
        // An engine that lives is stuck: whatever it does later would be done beside a store that accepts writes again.
        await place.Children.EndAsync(engine, TimeSpan.Zero, CancellationToken.None);
        try
        {
            await place.EngineFor(environment).ThawAsync(run, "watchdog", CancellationToken.None);
        }
        catch (OrderRefusedException)
        {
            // Somebody took the lease to go on with the run: the first thing that they do is to thaw.
        }
        catch (Exception e) when (e is JournalException or IOException or UnauthorizedAccessException)
        {
            // A disk that is full now may have room in a moment: whoever gives up leaves the store frozen.
            await Console.Error.WriteLineAsync($"{place.Clock.GetUtcNow():u} cannot thaw yet: {e.Message}");
        }
        return false;
    }

    private bool Stands(RunReading reading) => reading.Find(step) is { HasEffect: true };
}
