using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Boundaries;
using Belay.Domain.Journal;
using Belay.Domain.Lint;
using Belay.Domain.Memory;
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
        var until = new Option<string?>("--until")
        {
            Description = "Say whether it fits into the window until then, by the times of earlier runs",
            HelpName = "TIME",
        };
        var command = new Command("plan", "Show what each change would alter now; alters nothing")
        {
            plan,
            environment,
            inputs,
            until,
        };
        command.SetAction(
            (parsed, ct) =>
                PreviewAsync(
                    shared.PlaceOf(parsed),
                    parsed.GetRequiredValue(plan),
                    parsed.GetRequiredValue(environment),
                    GivenInputs.Read(parsed.GetValue(inputs)),
                    parsed.GetValue(until),
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
        string? until,
        CancellationToken ct
    )
    {
        var deadline = until is null ? (DateTimeOffset?)null : Deadline.Read(until, place.Clock);
        var loaded = place.Load(path, environment, inputs);
        using var preview = new Preview(place, loaded, Path.GetFullPath(path));
        var changes = await preview.AllAsync(ct);
        var measured = await place.MeasuredAsync(environment, except: null, ct);
        var forecast = Forecast.Of(loaded.Plan, measured);
        var boundary = place.BoundaryOf(loaded.Plan, measured);
        var judgement = place.Judge(loaded);
        place.Screen.Write([
            .. changes.SelectMany(ForeseenText.Of),
            "",
            .. BoundaryText.Of(loaded.Plan, boundary),
            .. JudgementText.Of(judgement),
            "",
            Summary(changes),
            .. TimeLines(forecast, place.Clock.GetUtcNow(), deadline),
        ]);
        place.Screen.Write(
            new PlanAnswer(PlanJson.Hash(loaded.Plan), changes, boundary, judgement.Findings, judgement.Accepted)
            {
                Time = forecast,
                Until = deadline,
            },
            CliJson.Instance.PlanAnswer
        );
        if (forecast.Typical > deadline - place.Clock.GetUtcNow())
            return ExitCode.SaysNo;
        // What could not be observed is no proof that nothing is left to do.
        return changes.All(change => change.Outlook == Outlook.Done) ? ExitCode.Done : ExitCode.DifferencesPresent;
    }

    private static IEnumerable<ScreenLine> TimeLines(Forecast forecast, DateTimeOffset now, DateTimeOffset? until) =>
        until is { } end ? [ForecastText.Fits(forecast, now, end)]
        : forecast.Most > TimeSpan.Zero ? [$"time: {ForecastText.Words(forecast)}"]
        : [];

    private static ScreenLine Summary(ImmutableArray<ForeseenChange> changes) =>
        $"{changes.Count(change => change.Outlook == Outlook.Differs)} to make, "
        + $"{changes.Count(change => change.Outlook == Outlook.Done)} done already, "
        + $"{changes.Count(change => change.Outlook == Outlook.Later)} known only during the run, "
        + $"{changes.Count(change => change.Outlook == Outlook.Unknown)} cannot be observed now";
}

/// <summary>The preview as JSON.</summary>
internal sealed record PlanAnswer(
    string PlanHash,
    ImmutableArray<ForeseenChange> Changes,
    ImmutableArray<BoundaryLine> Boundary,
    ImmutableArray<Finding> Findings,
    ImmutableArray<AcceptedRisk> Accepted
)
{
    /// <summary>How long it will take, by the times of earlier runs.</summary>
    public required Forecast Time { get; init; }

    /// <summary>The end of the window that was asked about, UTC; null: none.</summary>
    public DateTimeOffset? Until { get; init; }
}
