using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Boundaries;
using Belay.Domain.Plans;

namespace Belay.Cli.Verbs;

/// <summary><c>belay plan</c>: what each change would alter now, read off the live system.</summary>
internal static class PlanVerb
{
    public static Command Create(SharedOptions shared)
    {
        var plan = SharedOptions.Plan();
        var environment = SharedOptions.Environment();
        var inputs = SharedOptions.Inputs();
        var command = new Command("plan", "Show what each change would alter now; alters nothing")
        {
            plan,
            environment,
            inputs,
        };
        command.SetAction(
            (parsed, ct) =>
                PreviewAsync(
                    shared.PlaceOf(parsed),
                    parsed.GetRequiredValue(plan),
                    parsed.GetRequiredValue(environment),
                    GivenInputs.Read(parsed.GetValue(inputs)),
                    ct
                )
        );
        return command;
    }

    private static async Task<int> PreviewAsync(
        Workplace place,
        string path,
        string environment,
        ImmutableSortedDictionary<string, string> inputs,
        CancellationToken ct
    )
    {
        var loaded = place.Load(path, environment, inputs);
        using var preview = new Preview(place, loaded, Path.GetFullPath(path));
        var changes = await preview.AllAsync(ct);
        var boundary = Boundary.Draw(loaded.Plan, place.Catalog);
        place.Screen.Write([
            .. changes.SelectMany(Lines),
            "",
            .. BoundaryText.Of(loaded.Plan, boundary),
            "",
            Summary(changes),
        ]);
        place.Screen.Write(new PlanAnswer(PlanJson.Hash(loaded.Plan), changes, boundary), CliJson.Instance.PlanAnswer);
        // What could not be observed is no proof that nothing is left to do.
        return changes.All(change => change.Outlook == Outlook.Done) ? ExitCode.Done : ExitCode.DifferencesPresent;
    }

    private static IEnumerable<ScreenLine> Lines(ChangePreview change)
    {
        yield return new([
            new($"{change.Step}", Tone.Strong),
            new($"  {change.Operation}, reversal {change.Reversal.ToString().ToLowerInvariant()}", Tone.Faint),
        ]);
        switch (change.Outlook)
        {
            case Outlook.Done:
                yield return ScreenLine.Of("    nothing to do", Tone.Good);
                break;
            case Outlook.Differs:
                foreach (var line in change.Difference)
                    yield return ScreenLine.Of($"    {EventWords.Line(line)}", Tone.Warning);
                if (change.UndoCost is { } cost)
                    yield return ScreenLine.Of($"    taking it back: {cost}", Tone.Faint);
                break;
            case Outlook.Later:
                yield return ScreenLine.Of($"    known only during the run: {change.Why}", Tone.Faint);
                break;
            default:
                yield return ScreenLine.Of($"    cannot be observed now: {change.Why}", Tone.Bad);
                break;
        }
    }

    private static ScreenLine Summary(ImmutableArray<ChangePreview> changes) =>
        $"{changes.Count(change => change.Outlook == Outlook.Differs)} to make, "
        + $"{changes.Count(change => change.Outlook == Outlook.Done)} done already, "
        + $"{changes.Count(change => change.Outlook == Outlook.Later)} known only during the run, "
        + $"{changes.Count(change => change.Outlook == Outlook.Unknown)} cannot be observed now";
}

/// <summary>The preview as JSON.</summary>
internal sealed record PlanAnswer(
    string PlanHash,
    ImmutableArray<ChangePreview> Changes,
    ImmutableArray<BoundaryLine> Boundary
);
