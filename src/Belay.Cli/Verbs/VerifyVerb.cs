using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Evidence;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Planning;
using Belay.Stores.Files;

namespace Belay.Cli.Verbs;

/// <summary><c>belay verify</c>: proves a journal, its attestation and the words of people in it, offline.</summary>
internal static class VerifyVerb
{
    private const string JournalName = "journal.jsonl";

    public static Command Create(SharedOptions shared)
    {
        var what = new Argument<string[]>("RUN|FILE")
        {
            Description =
                "Runs, or journals' files (or their folders) wherever they were copied to; without any the environment's latest run",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var environment = SharedOptions.EnvironmentOfRun();
        var attestation = new Option<string?>("--attestation")
        {
            Description =
                $"The attestation; without it the file {Attestations.FileName} beside the journal, if there is one",
            HelpName = "FILE",
        };
        var keys = new Option<string[]>("--key")
        {
            Description = "A public key whose signature under the attestation counts; may be given several times",
            HelpName = "FILE",
        };
        var people = new Option<string?>("--people")
        {
            Description = "An environment's file: the keys of its people count, and each signed word is checked",
            HelpName = "FILE",
        };
        var command = new Command(
            "verify",
            "Prove that no event of a journal was changed, added or removed, and who signed what"
        )
        {
            what,
            environment,
            attestation,
            keys,
            people,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                var named = parsed.GetValue(what) ?? [];
                if (named.Length > 1 && parsed.GetValue(attestation) is not null)
                    throw new Refusal(ExitCode.BadUsage, "--attestation is about one journal: name only one");
                var trust = Trust.Of(place, parsed.GetValue(keys) ?? [], parsed.GetValue(people));
                foreach (var one in named.DefaultIfEmpty())
                {
                    var file = await FileAsync(place, one, parsed.GetValue(environment), ct);
                    Verify(place, file, AttestationOf(file, parsed.GetValue(attestation)), trust);
                }
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Verify(Workplace place, string file, string? attestation, Trust trust)
    {
        var account = new RunAccount();
        var proof = Prove(file, account);
        var signer = attestation is null ? trust.WithoutAttestation(file) : trust.Prove(attestation, account, proof);
        if (trust.People is { } people)
            Refuse(file, EvidenceCheck.BadWords(account, people));

        place.Screen.Write([
            ScreenLine.Of($"{file}: the chain of {proof.Events} events is whole", Tone.Good),
            $"run {proof.Run}, from {proof.From:u} to {proof.To:u}",
            $"hash of the last event: {proof.Hash}",
            .. Torn(proof),
            Attested(account.Reading, attestation, signer),
            .. Words(account, trust),
        ]);
        place.Screen.Write(
            new ProofAnswer(
                file,
                proof.Run,
                proof.Events,
                proof.From,
                proof.To,
                proof.Hash,
                proof.Torn,
                signer,
                account.Words.Facts.Count(known => known.Signature is not null),
                trust.People is not null
            ),
            CliJson.Instance.ProofAnswer
        );
    }

    private static JournalProof Prove(string file, RunAccount account)
    {
        try
        {
            return JournalProof.Of(file, account.Apply);
        }
        catch (JournalException e) when (e.Fault == JournalFault.Damaged)
        {
            throw new Refusal(ExitCode.SaysNo, e.Message);
        }
    }

    private static IEnumerable<ScreenLine> Torn(JournalProof proof)
    {
        if (proof.Torn > 0)
            yield return ScreenLine.Of(
                $"{proof.Torn} bytes of a line that was cut off in the writing follow; resume cuts them",
                Tone.Warning
            );
    }

    private static ScreenLine Attested(RunReading reading, string? attestation, string? signer) =>
        signer is not null ? ScreenLine.Of($"attested by {signer}: the journal is the one that was signed", Tone.Good)
        : attestation is not null
            ? ScreenLine.Of(
                $"{attestation} was not checked: say whose signature counts, with --key or --people",
                Tone.Warning
            )
        : ScreenLine.Of(
            reading.Status.IsClosed()
                ? "there is no attestation: that nobody wrote the whole journal anew cannot be proven"
                : "there is no attestation, and the run is not closed: that its end was not cut off cannot be proven",
            Tone.Warning
        );

    private static IEnumerable<ScreenLine> Words(RunAccount account, Trust trust)
    {
        foreach (var known in account.Words.Facts)
        {
            var signed =
                known.Signature is not { } signature ? "not signed"
                : trust.People is null ? "signed, not checked: --people"
                : $"signed with the key {FactRules.Brief(signature.Key)}";
            yield return $"  event {known.Sequence}: {known.Fact.Kind} by {known.Fact.By}, {signed}{Claimed(known, trust)}";
        }
    }

    private static string Claimed(KnownFact known, Trust trust) =>
        known.Signature is { } signature
        && trust.People is { } people
        && people.KeyOf(known.Fact.By) is { } key
        && people.RevokedAt(key) is { } since
            ? $" on {signature.On:u}, before that key was revoked on {since:u}: claimed, not proven"
            : "";

    private static void Refuse(string file, IEnumerable<string> problems)
    {
        if (string.Join("; ", problems) is { Length: > 0 } all)
            throw new Refusal(ExitCode.SaysNo, $"{file}: {all}");
    }

    private static string? AttestationOf(string journal, string? given)
    {
        if (given is not null)
            return given;
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(journal))!, Attestations.FileName);
        return File.Exists(beside) ? beside : null;
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
        if (what is not null && File.Exists(Path.Combine(what, JournalName)))
            return Path.Combine(what, JournalName);
        return place.JournalFile(await place.Runs.NameAsync(what, environment, ct));
    }

    /// <summary>Whose signatures count. The journal itself is never asked: whoever forged it would name their own.</summary>
    /// <param name="Keys">The keys that were named.</param>
    /// <param name="People">The keys of an environment's people; null: no environment was named.</param>
    private sealed record Trust(ImmutableArray<PublicKey> Keys, Signers? People)
    {
        public static Trust Of(Workplace place, string[] keys, string? people) =>
            new([.. keys.Select(KeyFiles.ReadPublic)], people is null ? null : PeopleOf(place, people));

        private ImmutableArray<PublicKey> All => [.. Keys, .. People?.Keys.Values ?? []];

        /// <returns>Who signed; null when nobody's signature counts.</returns>
        public string? Prove(string attestation, RunAccount account, JournalProof proof)
        {
            if (All.IsEmpty)
                return null;
            try
            {
                var (statement, signer) = EvidenceCheck.Prove(Attestations.Read(attestation), All);
                Refuse(attestation, EvidenceCheck.Differences(account, proof.Sha256, statement));
                var name = $"{People?.OwnerOf(signer) ?? "the key"} ({FactRules.Brief(signer.Id)})";
                return People?.RevokedAt(signer) is { } since ? Revoked(name, since, attestation, proof) : name;
            }
            catch (BadEvidenceException e)
            {
                throw new Refusal(ExitCode.SaysNo, $"{attestation}: {e.Message}");
            }
        }

        // An attestation does not say when it was signed: not before the last event that it attests.
        private static string Revoked(string name, DateTimeOffset since, string attestation, JournalProof proof) =>
            proof.To < since
                ? $"{name}, whose key was revoked on {since:u}: that it was signed before is claimed by the journal's times, not proven"
                : throw new Refusal(
                    ExitCode.SaysNo,
                    $"{attestation}: it is signed by {name}, whose key was revoked on {since:u}, before the last event of {proof.To:u}"
                );

        /// <exception cref="Refusal">A key was named to check an attestation with, and there is none: somebody may have taken it away.</exception>
        public string? WithoutAttestation(string file) =>
            Keys.IsEmpty
                ? null
                : throw new Refusal(
                    ExitCode.SaysNo,
                    $"{file}: there is no {Attestations.FileName} beside it that the key could prove: name it with --attestation"
                );

        private static Signers PeopleOf(Workplace place, string file) =>
            PlanLoader.LoadEnvironmentFile(file, place.Catalog) switch
            {
                EnvironmentResult.Loaded loaded => loaded.Environment.Signers,
                EnvironmentResult.Refused refused => throw new Refusal(refused.Diagnostics),
                _ => throw new InvalidOperationException("a result of no known kind"),
            };
    }
}

/// <summary>The proof as JSON.</summary>
/// <param name="AttestedBy">Who signed the attestation; null: none was proven.</param>
/// <param name="SignedWords">How many words of people carry a signature.</param>
/// <param name="WordsProven">Whether they were checked against the keys of people.</param>
internal sealed record ProofAnswer(
    string File,
    string Run,
    long Events,
    DateTimeOffset From,
    DateTimeOffset To,
    string Hash,
    int TornBytes,
    string? AttestedBy,
    int SignedWords,
    bool WordsProven
);
