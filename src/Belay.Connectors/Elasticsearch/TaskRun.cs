using System.Runtime.CompilerServices;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.Elasticsearch;

/// <summary>A task of the cluster, from its begin or from where a crash left it, to its end.</summary>
/// <param name="transport">The cluster.</param>
/// <param name="scope">The step.</param>
/// <param name="token">By what the task is found again.</param>
/// <param name="start">Starts it; must do no harm when it is called again.</param>
internal sealed class TaskRun(SearchTransport transport, IScope scope, string token, Func<string, Task<string>> start)
{
    private const int MostRestarts = 5;
    private readonly SearchTasks tasks = new(transport);

    /// <summary>The id of a task that an earlier attempt started; null: none is known.</summary>
    public string? Known { get; init; }

    /// <summary>Keeps the id of a task that was started.</summary>
    public Action<string> Started { get; init; } = _ => { };

    /// <summary>How the task stands; after the end, how it ended.</summary>
    public TaskReading? Reading { get; private set; }

    /// <summary>Finds it or starts it, and waits for its end. Left early, the task goes on.</summary>
    /// <exception cref="OperationException">Refused: it failed. Transient: the cluster was too busy for it. Outcome unknown: it may have begun.</exception>
    public async IAsyncEnumerable<Progress> RunAsync(string doing, [EnumeratorCancellation] CancellationToken ct)
    {
        var id = await tasks.FindAsync(token, ct) ?? Known;
        for (var restarts = 0; ; restarts++)
        {
            if (id is null)
            {
                id = await start(token);
                Started(id);
            }
            var pause = SearchTasks.FirstPause;
            while ((Reading = await tasks.ReadAsync(id, ct)) is { } reading)
            {
                yield return Progress.Count(reading.Done, reading.Total, "documents", doing + TimeLeft(reading));
                if (reading.IsCompleted)
                    break;
                await Task.Delay(pause, scope.Clock, ct);
                pause = SearchTasks.Longer(pause);
            }
            if (Reading is { Failure: null })
                yield break;
            Judge(doing, restarts);
            await Task.Delay(pause, scope.Clock, ct);
            id = null;
            yield return Progress.Say($"{doing}: begun anew, for {Why()}");
        }
    }

    private void Judge(string doing, int restarts)
    {
        if (Reading is { IsTransient: false })
            throw OperationException.Refused($"{transport.Place}: {doing} failed: {Reading.Failure}");
        if (restarts == MostRestarts)
            throw OperationException.Transient(
                $"{transport.Place}: {doing} was begun {restarts + 1} times and did not come to its end: {Why()}"
            );
    }

    // Its node ended, or was restarted: what it copied is there, and is passed over by the next one.
    private string Why() => Reading?.Failure ?? "the cluster knows nothing of the task any more";

    private static string TimeLeft(TaskReading reading) =>
        reading is { IsCompleted: false, Done: > 0 } && reading.Total > reading.Done
            ? $", about {Duration.Format(TimeSpan.FromSeconds(Math.Ceiling(reading.Ran.TotalSeconds * (reading.Total - reading.Done) / reading.Done)))} left"
            : "";
}
