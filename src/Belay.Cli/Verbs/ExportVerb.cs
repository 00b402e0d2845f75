using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Operations;
using Belay.Views;
using Belay.Views.PlanPages;

namespace Belay.Cli.Verbs;

/// <summary><c>belay export</c>: a plan as a page for people.</summary>
internal static class ExportVerb
{
    public static Command Create(SharedOptions shared)
    {
        var plan = SharedOptions.Plan();
        var environment = SharedOptions.Environment();
        var inputs = SharedOptions.Inputs();
        var html = new Option<string?>("--html") { Description = "Write HTML into this file", HelpName = "FILE" };
        var markdown = new Option<string?>("--markdown")
        {
            Description = "Write Markdown into this file; without any file it is printed",
            HelpName = "FILE",
        };
        var command = new Command("export", "Write a plan as a page for people")
        {
            plan,
            environment,
            inputs,
            html,
            markdown,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                var loaded = place.Load(
                    parsed.GetRequiredValue(plan),
                    parsed.GetRequiredValue(environment),
                    GivenInputs.Read(parsed.GetValue(inputs))
                );
                var measured = await place.MeasuredAsync(loaded.Plan.Environment, except: null, ct);
                var facts = new PlanFacts
                {
                    Plan = loaded.Plan,
                    Boundary = place.BoundaryOf(loaded.Plan, measured),
                    Judgement = place.Judge(loaded),
                    Measured = measured,
                    Catalog = place.Catalog,
                };
                return await WriteAsync(place, facts, parsed.GetValue(html), parsed.GetValue(markdown));
            }
        );
        return command;
    }

    private static async Task<int> WriteAsync(Workplace place, PlanFacts facts, string? html, string? markdown)
    {
        if (html is not null)
            await PageFiles.WriteAsync(place, html, to => PlanWriter.HtmlAsync(facts, to));
        if (markdown is not null)
            await PageFiles.WriteAsync(place, markdown, to => PlanWriter.MarkdownAsync(facts, to));
        if (html is null && markdown is null)
        {
            await using var page = new StringWriter();
            await PlanWriter.MarkdownAsync(facts, page);
            if (place.Screen.Format == OutputFormat.Text)
                place.Screen.WriteRaw(page.ToString());
            place.Screen.Write(new DoneAnswer(page.ToString()), CliJson.Instance.DoneAnswer);
        }
        return ExitCode.Done;
    }
}
