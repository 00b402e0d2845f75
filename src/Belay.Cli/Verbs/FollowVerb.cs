using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Readings;

namespace Belay.Cli.Verbs;

/// <summary><c>belay follow</c>: shows a run as <c>belay run</c> does, from another terminal.</summary>
internal static class FollowVerb
{
    public static Command Create(SharedOptions shared)
    {
        var run = shared.Run();
        var environment = SharedOptions.EnvironmentOfRun();
        var command = new Command("follow", "Show a run while it lasts") { run, environment };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                var name = await place.Runs.NameAsync(parsed.GetValue(run), parsed.GetValue(environment), ct);
                return await FollowAsync(place, name, ct);
            }
        );
        return command;
    }

    private static async Task<int> FollowAsync(Workplace place, string run, CancellationToken ct)
    {
        var last = (await place.Runs.ReadAsync(run, ct)).Sequence;
        var screen = RunScreens.For(place);
        var reading = await screen.WhileAsync(() =>
            new Follower(place.Store.Journals, place.Clock).FollowAsync(
                run,
                after: Task.FromResult(0L),
                screen,
                now => IsOverAsync(place, now, last, ct),
                ct
            )
        );
        return await StatusVerb.ShowAsync(place, reading, ct);
    }

    private static async ValueTask<bool> IsOverAsync(
        Workplace place,
        RunReading reading,
        long last,
        CancellationToken ct
    )
    {
        if (reading.Sequence < last)
            return false;
        if (reading.Status is not (RunStatus.Running or RunStatus.RollingBack or RunStatus.Parked))
            return true;
        return await place.IsLeftAsync(reading, ct);
    }
}
