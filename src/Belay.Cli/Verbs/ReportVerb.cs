using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Boundaries;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Stores.Files;
using Belay.Views;

namespace Belay.Cli.Verbs;

/// <summary><c>belay report</c>: writes what a journal says for people to read and to keep.</summary>
internal static class ReportVerb
{
    public static Command Create(SharedOptions shared)
    {
        var run = shared.Run();
        var environment = SharedOptions.EnvironmentOfRun();
        var html = new Option<string?>("--html")
        {
            Description =
                "Write one HTML file that needs nothing besides itself; without any option beside the run's journal",
            HelpName = "FILE",
        };
        var markdown = new Option<string?>("--markdown") { Description = "Write Markdown", HelpName = "FILE" };
        var attest = new Option<string?>("--attest")
        {
            Description =
                $"Write a signed attestation of the run for belay verify; without FILE as {Attestations.FileName} beside the run's journal",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var key = KeyFiles.Option();
        var command = new Command("report", "Write the report of a run")
        {
            run,
            environment,
            html,
            markdown,
            attest,
            key,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                var name = await place.Runs.NameAsync(parsed.GetValue(run), parsed.GetValue(environment), ct);
                var (asHtml, asMarkdown) = (parsed.GetValue(html), parsed.GetValue(markdown));
                if (parsed.GetResult(attest) is null)
                    return await ReportAsync(place, name, asHtml, asMarkdown, ct);
                Attest(place, name, parsed.GetValue(attest), parsed.GetValue(key));
                return asHtml is null && asMarkdown is null
                    ? ExitCode.Done
                    : await ReportAsync(place, name, asHtml, asMarkdown, ct);
            }
        );
        return command;
    }

    private static async Task<int> ReportAsync(
        Workplace place,
        string run,
        string? html,
        string? markdown,
        CancellationToken ct
    )
    {
        var entries = new List<JournalEntry>();
        await foreach (var entry in place.Store.Journals.ReadAsync(run, ct))
            entries.Add(entry);
        var reading = RunReading.Of(entries);
        var measured = await place.MeasuredAsync(reading.Plan!.Environment, except: null, ct);
        var boundary = Boundary.Draw(
            reading.Plan,
            place.Catalog,
            BoundaryFacts.Of(reading) with
            {
                TakesBack = measured.TakingBack(reading.Plan),
            }
        );
        if (markdown is null)
            html ??= Path.Combine(place.StateFolder, "runs", run, "report.html");
        if (html is not null)
            await PageFiles.WriteAsync(place, html, to => ReportWriter.HtmlAsync(entries, boundary, to));
        if (markdown is not null)
            await PageFiles.WriteAsync(place, markdown, to => ReportWriter.MarkdownAsync(entries, boundary, to));
        return ExitCode.Done;
    }

    private static void Attest(Workplace place, string run, string? file, string? keyFile)
    {
        using var key =
            place.Find(keyFile)
            ?? throw new Refusal(
                ExitCode.BadUsage,
                $"an attestation is signed: say --key FILE, set {KeyFiles.Variable}, or make a key with belay init"
            );
        var journal = place.JournalFile(run);
        var account = new RunAccount();
        var proof = JournalProof.Of(journal, account.Apply);
        file ??= Path.Combine(Path.GetDirectoryName(journal)!, Attestations.FileName);
        Attestations.Write(file, account.State(proof.Sha256).Sign(key));
        place.Screen.Write(
            ScreenLine.Of($"written: {file}", Tone.Good),
            $"{account.Reading.Sequence} events of run {run} ({account.Reading.Status}), signed with the key {FactRules.Brief(key.Public.Id)}"
        );
        place.Screen.Write(new DoneAnswer(Path.GetFullPath(file)), CliJson.Instance.DoneAnswer);
    }
}
