using System.CommandLine;
using Belay.Cli.Pages;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Releases.Comparing;

namespace Belay.Cli.Verbs;

/// <summary><c>belay release diff</c>: what a new release means.</summary>
internal static class ReleaseDiffVerb
{
    public static Command Create(SharedOptions shared)
    {
        var old = new Argument<string>("OLD") { Description = "The folder of the release that runs" };
        var now = new Argument<string>("NEW") { Description = "The folder of the new release" };
        var pages = new PageOptions();
        var command = new Command(
            "diff",
            "Say what a new release means: not files, but images, values, variables, migrations"
        )
        {
            old,
            now,
            pages.Html,
            pages.Markdown,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                var place = shared.PlaceOf(parsed);
                var diff = await place.CompareAsync(parsed.GetRequiredValue(old), parsed.GetRequiredValue(now), ct);
                if (!await pages.WriteAsync(place, parsed, ReleaseDiffPage.Of(diff)))
                {
                    place.Screen.Write(Lines(diff));
                    place.Screen.Write(diff, CliJson.Instance.ReleaseDiff);
                }
                return diff.Changes.IsEmpty ? ExitCode.Done : ExitCode.DifferencesPresent;
            }
        );
        return command;
    }

    private static IEnumerable<ScreenLine> Lines(ReleaseDiff diff)
    {
        yield return ScreenLine.Of(ReleaseDiffPage.Of(diff).Lead, Tone.Strong);
        foreach (var area in diff.Changes.GroupBy(change => change.Area))
        {
            yield return ScreenLine.Of(ReleaseRows.Heading(area.Key), Tone.Strong);
            foreach (var change in area.OrderByDescending(change => change.Weight))
                yield return ScreenLine.Of(Line(change), ToneOf(change.Weight));
        }
        foreach (var notice in diff.Notices)
            yield return ScreenLine.Of(
                $"note: {notice.File}: {notice.Message}{(notice.Hint is null ? "" : $"; {notice.Hint}")}",
                Tone.Faint
            );
    }

    private static string Line(ReleaseChange change)
    {
        var mark = change.Weight switch
        {
            Weight.Act => "!",
            Weight.Look => "?",
            _ => " ",
        };
        var values = ReleaseRows.Values(change) is { Length: > 0 } text ? $": {text}" : "";
        var meaning = change.Meaning is { } means ? $"; {means}" : "";
        return $"{mark} {ReleaseRows.Word(change.Kind), -9} {change.Name}{values}{meaning}   ({change.Place})";
    }

    private static Tone ToneOf(Weight weight) =>
        weight switch
        {
            Weight.Act => Tone.Bad,
            Weight.Look => Tone.Warning,
            _ => Tone.Plain,
        };
}
