using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Engine.Ports;
using Belay.Stores.Files;

namespace Belay.Cli.Verbs;

/// <summary><c>belay verify</c>: proves the chain of a journal, offline.</summary>
internal static class VerifyVerb
{
    public static Command Create(SharedOptions shared)
    {
        var what = new Argument<string?>("RUN|FILE")
        {
            Description =
                "A run, or a journal's file wherever it was copied to; without it the environment's latest run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var environment = SharedOptions.EnvironmentOfRun();
        var command = new Command("verify", "Prove that no line of a journal was changed, added or removed")
        {
            what,
            environment,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                return Verify(place, await FileAsync(place, parsed.GetValue(what), parsed.GetValue(environment), ct));
            }
        );
        return command;
    }

    private static int Verify(Workplace place, string file)
    {
        JournalProof proof;
        try
        {
            proof = JournalProof.Of(file);
        }
        catch (JournalException e) when (e.Fault == JournalFault.Damaged)
        {
            throw new Refusal(ExitCode.SaysNo, e.Message);
        }
        place.Screen.Write(
            ScreenLine.Of($"{file}: the chain of {proof.Events} events is whole", Tone.Good),
            $"run {proof.Run}, from {proof.From:u} to {proof.To:u}",
            $"hash of the last event: {proof.Hash}"
        );
        if (proof.Torn > 0)
            place.Screen.Write(
                ScreenLine.Of(
                    $"{proof.Torn} bytes of a line that was cut off in the writing follow; resume cuts them",
                    Tone.Warning
                )
            );
        place.Screen.Write(
            new ProofAnswer(file, proof.Run, proof.Events, proof.From, proof.To, proof.Hash, proof.Torn),
            CliJson.Instance.ProofAnswer
        );
        return ExitCode.Done;
    }

    private static async Task<string> FileAsync(
        Workplace place,
        string? what,
        string? environment,
        CancellationToken ct
    )
    {
        if (what is not null && File.Exists(what))
            return what;
        return place.JournalFile(await place.Runs.NameAsync(what, environment, ct));
    }
}

/// <summary>The proof as JSON.</summary>
internal sealed record ProofAnswer(
    string File,
    string Run,
    long Events,
    DateTimeOffset From,
    DateTimeOffset To,
    string Hash,
    int TornBytes
);
