using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Environments;
using Belay.Engine.Ports;

namespace Belay.Cli.Verbs;

/// <summary><c>belay environment</c>: which systems an environment is known to consist of, and a person's word that one took another one's place.</summary>
internal static class EnvironmentVerb
{
    public static Command Create(SharedOptions shared)
    {
        var environment = SharedOptions.Environment();
        var command = new Command("environment", "Show which systems an environment is known to consist of")
        {
            environment,
        };
        command.SetAction((parsed, ct) => ShowAsync(shared.PlaceOf(parsed), parsed.GetRequiredValue(environment), ct));
        command.Subcommands.Add(Accept(shared));
        return command;
    }

    private static Command Accept(SharedOptions shared)
    {
        var connection = new Argument<string>("CONNECTION")
        {
            Description = "The connection, as the environment names it",
        };
        var id = new Option<string>("--id")
        {
            Description = "The id that the system gives itself, as the refusal shows it",
            HelpName = "ID",
            Required = true,
        };
        var reason = new Option<string>("--reason")
        {
            Description = "Why this system takes the other one's place",
            HelpName = "TEXT",
            Required = true,
        };
        var environment = SharedOptions.Environment();
        var by = SharedOptions.By();
        var command = new Command("accept", "Say that a system has taken another one's place")
        {
            connection,
            id,
            reason,
            environment,
            by,
        };
        command.SetAction(
            (parsed, ct) =>
                AcceptAsync(
                    shared.PlaceOf(parsed),
                    parsed.GetRequiredValue(environment),
                    parsed.GetRequiredValue(connection),
                    parsed.GetRequiredValue(id),
                    parsed.GetRequiredValue(by),
                    parsed.GetRequiredValue(reason),
                    ct
                )
        );
        return command;
    }

    private static async Task<int> ShowAsync(Workplace place, string environment, CancellationToken ct)
    {
        var known = await place.Store.Identities.ReadAsync(environment, ct);
        place.Screen.Write(
            known.Systems.IsEmpty
                ? [$"nothing is known of the systems of '{environment}' yet: the first run learns it"]
                : known.Systems.Select(system => Line(system.Key, system.Value))
        );
        place.Screen.Write(known, CliJson.Instance.EnvironmentIdentity);
        return ExitCode.Done;
    }

    private static ScreenLine Line(string connection, KnownSystem system) =>
        $"{connection, -20} {system.Id}  since {system.Since:u}"
        + (
            system.Accepted is { } word
                ? $", in the place of {word.Was ?? "nothing known"}, as {word.By} says: {word.Reason}"
                : ""
        );

    private static async Task<int> AcceptAsync(
        Workplace place,
        string environment,
        string connection,
        string id,
        string by,
        string reason,
        CancellationToken ct
    )
    {
        if (string.IsNullOrWhiteSpace(reason) || string.IsNullOrWhiteSpace(id))
            throw new Refusal(ExitCode.BadUsage, "an id and a reason are needed: both are journaled with the next run");
        if (
            await place.Store.Leases.TryTakeAsync(environment, by, run: null, ct)
            is not LeaseAttempt.Taken { Lease: var lease }
        )
            throw new Refusal(ExitCode.Failed, $"environment '{environment}' is in use: halt its run first");
        await using (lease)
        {
            var known = await place.Store.Identities.ReadAsync(environment, ct);
            var accepted = new KnownSystem
            {
                Id = id,
                Since = place.Clock.GetUtcNow(),
                Accepted = new AcceptedSystem
                {
                    By = by,
                    Reason = reason,
                    Was = known.Systems.GetValueOrDefault(connection)?.Id,
                },
            };
            await place.Store.Identities.WriteAsync(
                environment,
                known with
                {
                    Systems = known.Systems.SetItem(connection, accepted),
                },
                ct
            );
            var said = $"'{connection}' of '{environment}' is {id} from now on; the next run journals it";
            place.Screen.Write(ScreenLine.Of(said, Tone.Good));
            place.Screen.Write(new DoneAnswer(said), CliJson.Instance.DoneAnswer);
        }
        return ExitCode.Done;
    }
}
