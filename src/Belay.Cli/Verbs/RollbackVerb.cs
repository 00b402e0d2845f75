using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Belay.Cli.Screens;
using Belay.Cli.Status;
using Belay.Cli.Work;
using Belay.Domain.Lint;
using Belay.Domain.Readings;
using Belay.Engine;
using Belay.Engine.Previews;
using Belay.Engine.Rollback;

namespace Belay.Cli.Verbs;

/// <summary><c>belay rollback</c>: takes a run back, each undo verified.</summary>
internal static class RollbackVerb
{
    public static Command Create(SharedOptions shared)
    {
        var to = new Option<string?>("--to")
        {
            Description = "The step that is the last one to be taken back; without it all",
            HelpName = "STEP",
        };
        var acceptLoss = new Option<string[]>("--accept-loss")
        {
            Description =
                "A step whose loss through a restore is accepted, and how much of it (without a number twice what is counted now); may be given several times",
            HelpName = "STEP[=COUNT]",
        };
        var acceptCombination = new Option<string?>("--accept-combination")
        {
            Description =
                "The step that --to names: what runs once it is taken back may be something that no check and no soak saw working",
            HelpName = "STEP",
        };
        var preview = new Option<bool>("--preview") { Description = "Only show what would be taken back" };
        var command = new Command("rollback", "Take a run back, each step verified")
        {
            to,
            acceptLoss,
            acceptCombination,
            preview,
        };
        var person = new PersonOptions(shared, command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var speaker = await person.SpeakerAsync(parsed, ct);
                var losses = (parsed.GetValue(acceptLoss) ?? []).Select(AcceptedLoss).ToArray();
                var order = new RollbackOrder
                {
                    Run = speaker.Reading.Run,
                    By = speaker.Name,
                    To = parsed.GetValue(to),
                    AcceptLoss = [.. losses.Select(loss => loss.Step)],
                    AcceptCombination = parsed.GetValue(acceptCombination),
                    LossAtMost = losses
                        .Where(loss => loss.Count is not null)
                        .ToImmutableSortedDictionary(
                            loss => loss.Step,
                            loss => loss.Count!.Value,
                            StringComparer.Ordinal
                        ),
                };
                return parsed.GetValue(preview)
                    ? await PreviewAsync(speaker.Place, speaker.Reading, order, ct)
                    : await RollbackAsync(speaker, order);
            }
        );
        return command;
    }

    private static (string Step, long? Count) AcceptedLoss(string text)
    {
        var at = text.LastIndexOf('=');
        if (at < 0)
            return (text, null);
        return long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? (text[..at], count)
            : throw new Refusal(ExitCode.BadUsage, $"--accept-loss {text}: '{text[(at + 1)..]}' is no number");
    }

    private static async Task<int> PreviewAsync(
        Workplace place,
        RunReading reading,
        RollbackOrder order,
        CancellationToken ct
    )
    {
        var way = WayOf(reading, order);
        var words = WayBackWords.Of(reading, way);
        var losses = way.Restores.IsEmpty ? [] : await place.CountLossAsync(reading, way, ct);
        var plan = BackPlan.Of(reading, order.To, place.Catalog, place.Store.SealedValues);
        place.Screen.Write([
            ScreenLine.Of($"run {reading.Run}: {words.Cost}", Tone.Strong),
            .. BackPlanText.Of(reading, plan),
            .. losses.Select(LossLine),
        ]);
        place.Screen.Write(
            new RollbackPreview(reading.Run, words, losses, plan.Left, plan.Findings),
            CliJson.Instance.RollbackPreview
        );
        return plan.Findings.IsEmpty ? ExitCode.Done : ExitCode.SaysNo;
    }

    private static ScreenLine LossLine(ForeseenLoss loss) =>
        loss.Loss is { } counted
            ? ScreenLine.Of(
                $"restoring '{loss.Backup}' now would lose {counted.Words}: --accept-loss {loss.Step}{(counted.Count is { } count ? $"={count}" : "")}",
                Tone.Warning
            )
            : ScreenLine.Of($"what restoring '{loss.Backup}' would lose cannot be counted now: {loss.Why}", Tone.Bad);

    private static async Task<int> RollbackAsync(Speaker speaker, RollbackOrder order)
    {
        var (place, reading) = (speaker.Place, speaker.Reading);
        if (reading.Status.IsClosed())
            throw new Refusal(
                ExitCode.Failed,
                $"run {reading.Run} is closed: it cannot be taken back any more; see belay status {reading.Run}"
            );
        var way = WayOf(reading, order);
        // Said here and not by the engine: a rollback that is begun cannot be turned forward again.
        if (way.Never is [var final, ..])
            throw new Refusal(ExitCode.Halted, WayBackWords.Of(reading, way).Cost + Offer(reading, way, final));
        order = order with { Signature = speaker.Sign(order.Word, (word, by) => word with { Signature = by }) };
        if (!place.Screen.Confirm($"{WayBackWords.Of(reading, way).Cost}. Take {way.Steps.Length} changes back?"))
            throw new Refusal(ExitCode.Failed, "nothing was done");
        return await place.CarryOutAsync(
            speaker.Live,
            reading.Run,
            (engine, opened, halt) =>
            {
                opened(reading.Sequence);
                return engine.RollbackAsync(order, halt);
            }
        );
    }

    private static string Offer(RunReading reading, WayBack way, string final) =>
        way.Steps.TakeWhile(step => step.Step != final).LastOrDefault() is { } later
            ? $"; what came after it can be: belay rollback {reading.Run} --to {later.Step}"
            : $"; go on with belay resume {reading.Run}, or end it with belay abandon {reading.Run}";

    private static WayBack WayOf(RunReading reading, RollbackOrder order) =>
        order.To is { } to && reading.Find(to) is null
            ? throw new Refusal(
                ExitCode.BadUsage,
                $"the run has not begun a step '{to}': its changes are {Words.List(WayBack.Of(reading, null).Steps.Select(step => step.Step))}"
            )
            : WayBack.Of(reading, order.To);
}

/// <summary>What would be taken back, as JSON.</summary>
/// <param name="Run">The run.</param>
/// <param name="WayBack">What is taken back, in its order, and at what cost.</param>
/// <param name="Losses">What each restore would lose now.</param>
/// <param name="Left">The changes that are left standing; empty: it is as before the run.</param>
/// <param name="Findings">What speaks against it.</param>
internal sealed record RollbackPreview(
    string Run,
    WayBackStatus WayBack,
    ImmutableArray<ForeseenLoss> Losses,
    ImmutableArray<string> Left,
    ImmutableArray<Finding> Findings
);
