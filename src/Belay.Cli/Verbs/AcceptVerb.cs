using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Evidence;
using Belay.Domain.Lint;

namespace Belay.Cli.Verbs;

/// <summary><c>belay accept</c>: signs that one finding of lint may stand for a while, and writes the entry for the environment's file.</summary>
internal static class AcceptVerb
{
    public static Command Create(SharedOptions shared)
    {
        var plan = SharedOptions.Plan();
        var code = new Argument<string>("CODE") { Description = "The finding's code" };
        var step = new Argument<string>("STEP") { Description = "The finding's step" };
        var environment = SharedOptions.Environment();
        var inputs = SharedOptions.Inputs();
        var by = SharedOptions.By();
        var key = KeyFiles.Option();
        var reason = new Option<string>("--reason") { Description = "Why that is acceptable", Required = true };
        var until = new Option<DateOnly>("--until")
        {
            Description = "The last day (UTC) on which it counts, for instance 2027-01-31",
            HelpName = "DATE",
            Required = true,
        };
        var command = new Command(
            "accept",
            "Sign that a finding of lint may stand; prints the entry for the environment's file"
        )
        {
            plan,
            code,
            step,
            environment,
            inputs,
            reason,
            until,
            by,
            key,
        };
        command.SetAction(parsed =>
        {
            var place = shared.PlaceOf(parsed);
            var loaded = place.Load(
                parsed.GetRequiredValue(plan),
                parsed.GetRequiredValue(environment),
                GivenInputs.Read(parsed.GetValue(inputs))
            );
            var entry = new Acceptance
            {
                Code = parsed.GetRequiredValue(code),
                Step = parsed.GetRequiredValue(step),
                By = parsed.GetRequiredValue(by),
                Reason = parsed.GetRequiredValue(reason),
                Until = parsed.GetValue(until),
            };
            RefuseUnfound(place.Judge(loaded).Findings, entry);
            using var signer =
                place.Find(parsed.GetValue(key))
                ?? throw new Refusal(
                    ExitCode.BadUsage,
                    $"it is to be signed: say --key FILE, set {KeyFiles.Variable}, or make a key with belay init"
                );
            var fact = RiskRules.FactOf(entry, FactPlace.Before(loaded.Plan), place.Clock.GetUtcNow());
            entry = entry with { Signature = fact.Sign(signer) };
            var text = Entry(entry);
            place.Screen.Write($"under 'accept' in environments/{loaded.Environment.Name}.yaml:", text);
            place.Screen.Write(new DoneAnswer(text), CliJson.Instance.DoneAnswer);
            return ExitCode.Done;
        });
        return command;
    }

    private static void RefuseUnfound(ImmutableArray<Finding> findings, Acceptance entry)
    {
        if (!findings.Any(finding => finding.Code == entry.Code && finding.Step == entry.Step))
            throw new Refusal(
                ExitCode.Failed,
                $"lint does not find {entry.Code} at '{entry.Step}' in this plan: there is nothing to accept"
            );
    }

    // One line of flow style; JSON's texts are YAML's.
    private static string Entry(Acceptance entry) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"  - {{ code: {entry.Code}, step: {Quoted(entry.Step)}, by: {Quoted(entry.By)}, reason: {Quoted(entry.Reason)}, until: {entry.Until:yyyy-MM-dd}, signature: {{ key: \"{entry.Signature!.Key}\", on: \"{entry.Signature.On:O}\", value: \"{entry.Signature.Value}\" }} }}"
        );

    private static string Quoted(string text) =>
        System.Text.Json.JsonSerializer.Serialize(text, CliJson.Instance.String);
}
