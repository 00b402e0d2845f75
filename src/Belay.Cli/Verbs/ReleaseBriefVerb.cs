using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Pages;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Memory;
using Belay.Releases.Merging;
using Belay.Views;

namespace Belay.Cli.Verbs;

/// <summary><c>belay release brief</c>: one page for the person on duty.</summary>
internal static class ReleaseBriefVerb
{
    public static Command Create(SharedOptions shared)
    {
        var old = new Argument<string>("OLD") { Description = "The folder of the release that runs" };
        var now = new Argument<string>("NEW") { Description = "The folder of the new release" };
        var mine = new Option<string[]>("--mine")
        {
            Description = "A values file of yours, to count what its merge would ask; may be given several times",
            HelpName = "FILE",
        };
        var plan = new Option<string?>("--plan")
        {
            Description = "The plan, for its boundary and its times",
            HelpName = "PLAN",
        };
        var environment = SharedOptions.Environment();
        var inputs = SharedOptions.Inputs();
        var pages = new PageOptions();
        var command = new Command("brief", "Write one page about a new release for the person on duty")
        {
            old,
            now,
            mine,
            plan,
            environment,
            inputs,
            pages.Html,
            pages.Markdown,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                var (from, to) = (parsed.GetRequiredValue(old), parsed.GetRequiredValue(now));
                var facts = new BriefFacts
                {
                    Diff = await place.CompareAsync(from, to, ct),
                    Merges = [.. (parsed.GetValue(mine) ?? []).Select(file => Merged(file, from, to))],
                    Plan = parsed.GetValue(plan) is { } file
                        ? await PlannedAsync(
                            place,
                            file,
                            parsed.GetRequiredValue(environment),
                            GivenInputs.Read(parsed.GetValue(inputs)),
                            ct
                        )
                        : null,
                };
                var page = ReleaseBriefPage.Of(facts);
                if (await pages.WriteAsync(place, parsed, page))
                    return ExitCode.Done;
                await using var text = new StringWriter();
                await PageWriter.MarkdownAsync(page, text);
                if (place.Screen.Format == OutputFormat.Text)
                    place.Screen.WriteRaw(text.ToString());
                place.Screen.Write(facts, CliJson.Instance.BriefFacts);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static BriefMerge Merged(string file, string old, string now)
    {
        var merged = ReleaseVerb.Reading(() => TemplateMerge.Merge(TemplateFinder.Find(file, old, now)));
        return new BriefMerge(file, merged.Open, merged.Placeholders);
    }

    private static async Task<BriefPlan> PlannedAsync(
        Workplace place,
        string file,
        string environment,
        ImmutableSortedDictionary<string, string> inputs,
        CancellationToken ct
    )
    {
        var plan = place.Load(file, environment, inputs).Plan;
        var measured = await place.MeasuredAsync(plan.Environment, except: null, ct);
        return new BriefPlan(plan, place.BoundaryOf(plan, measured), Forecast.Of(plan, measured));
    }
}
