using Belay.Cli.Screens;
using Belay.Cli.Status;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Planning;

namespace Belay.Cli.Work;

/// <summary>Puts an approval or a confirmation down for the engine that runs the run, and waits for its answer.</summary>
internal static class PeopleRequests
{
    /// <summary>The item for whose person a step waits.</summary>
    /// <exception cref="Refusal">The run is closed, or the step does not wait for anybody.</exception>
    public static Item WaitingItem(RunReading reading, string step)
    {
        if (reading.Status.IsClosed())
            throw new Refusal(ExitCode.Failed, $"run {reading.Run} is closed: belay status {reading.Run}");
        var waiting = Standings.WaitingForPeople(reading).ToArray();
        return waiting.FirstOrDefault(found => found.Step.Id == step).Item
            ?? throw new Refusal(
                ExitCode.Failed,
                waiting.Length == 0
                    ? $"no step of run {reading.Run} waits for a person now"
                    : $"step '{step}' does not wait for a person; waiting is {Words.List(waiting.Select(found => $"'{found.Step.Id}'"))}"
            );
    }

    /// <summary>Whether a person may act in a role of an environment.</summary>
    public static bool MayAct(this EnvironmentFile environment, string person, string role) =>
        environment.Roles.TryGetValue(role, out var people) && people.Contains(person);

    public static async Task<int> AskAsync(
        Workplace place,
        RunReading reading,
        RunRequest request,
        string step,
        Func<RunReading, bool> isTakenIn,
        CancellationToken ct
    )
    {
        await place.Store.Requests.PutAsync(reading.Run, request, ct);
        var answered = await place.UntilAsync(
            reading.Run,
            now => isTakenIn(now) || RefusedSince(now, reading.Sequence, request, step) is not null,
            ct
        );
        if (RefusedSince(answered, reading.Sequence, request, step) is { } why)
            throw new Refusal(ExitCode.Failed, why);
        var said = isTakenIn(answered)
            ? $"'{step}' has the word of {request.By}"
            : $"kept: it counts as soon as the run goes on, with belay resume {reading.Run}";
        place.Screen.Write(ScreenLine.Of(said, Tone.Good));
        place.Screen.Write(new DoneAnswer(said), CliJson.Instance.DoneAnswer);
        return ExitCode.Done;
    }

    private static string? RefusedSince(RunReading reading, long sequence, RunRequest request, string step) =>
        reading
            .Milestones.Where(entry => entry.Sequence > sequence)
            .Select(entry => entry.Event)
            .OfType<RequestRefused>()
            .FirstOrDefault(refused => refused.By == request.By && refused.Asked == step)
            ?.Why;
}
