using System.Collections.Immutable;
using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Releases.Merging;
using Belay.Releases.Reading;

namespace Belay.Cli.Verbs;

/// <summary><c>belay release merge</c>: the operator's values file and the new release's template become one file.</summary>
internal static class ReleaseMergeVerb
{
    public static Command Create(SharedOptions shared)
    {
        var old = new Argument<string>("OLD") { Description = "The template that your file was made from" };
        var mine = new Argument<string>("MINE") { Description = "Your file" };
        var theirs = new Argument<string>("NEW") { Description = "The template of the new release" };
        var to = new Option<string?>("--to")
        {
            Description = "Write the result there, and leave MINE alone",
            HelpName = "FILE",
        };
        var decisions = new Option<string?>("--decisions")
        {
            Description = "Settle conflicts as this file says; what is settled at the terminal is added to it",
            HelpName = "FILE",
        };
        var placeholder = new Option<string[]>("--placeholder")
        {
            Description = "What else has to be filled in, beside '< REPLACE_VALUE_* >'; may be given several times",
            HelpName = "PATTERN",
        };
        var format = new Option<TemplateFormat?>("--format")
        {
            Description = "The format; without it as the file's name tells",
            HelpName = "yaml|json|env|hcl|properties",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Write nothing; say what would be done" };
        var draft = new Option<bool>("--draft")
        {
            Description =
                "Write the result though something is open, to be finished by hand; the exit code still says no",
        };
        var show = new Option<bool>("--show")
        {
            Description = "Show your own values in conflicts; they may be secrets",
        };
        var command = new Command("merge", "Merge your values file with a new release's template, keeping both")
        {
            old,
            mine,
            theirs,
            to,
            decisions,
            placeholder,
            format,
            dryRun,
            draft,
            show,
        };
        command.SetAction(parsed =>
            Merge(
                shared.ScreenOf(parsed),
                new MergeOrder
                {
                    Old = parsed.GetRequiredValue(old),
                    Mine = parsed.GetRequiredValue(mine),
                    New = parsed.GetRequiredValue(theirs),
                    To = parsed.GetValue(to),
                    Decisions = parsed.GetValue(decisions),
                    Placeholders = [.. parsed.GetValue(placeholder) ?? []],
                    Format = parsed.GetValue(format),
                    IsDry = parsed.GetValue(dryRun),
                    IsDraft = parsed.GetValue(draft),
                    Show = parsed.GetValue(show),
                }
            )
        );
        return command;
    }

    private static int Merge(Screen screen, MergeOrder order)
    {
        var decided = order.Decisions is { } file ? ReleaseVerb.Reading(() => DecisionFile.Read(file)) : [];
        var input = ReleaseVerb.Reading(() =>
            new MergeInput
            {
                Old = SourceFile.Read(order.Old),
                Mine = SourceFile.Read(order.Mine),
                New = SourceFile.Read(order.New),
                Format = order.Format,
                Placeholders = order.Placeholders,
                Decisions = decided,
            }
        );
        var result = ReleaseVerb.Reading(() => TemplateMerge.Merge(input));
        if (!result.IsWhole && screen.MayAsk && !order.IsDry)
        {
            var answers = new MergeDialogue(Console.In, Console.Error).Ask(result);
            result = ReleaseVerb.Reading(() =>
                TemplateMerge.Merge(input with { Decisions = [.. decided, .. answers] })
            );
            if (order.Decisions is { } kept)
                MergeFiles.Remember(kept, answers.Where(a => result.Conflicts.Any(c => c.Key == a.Key)));
        }
        var written = result.IsWhole || order.IsDraft ? MergeFiles.Write(order, input.Mine, result) : null;
        screen.Write(MergeText.Lines(order, result, written));
        screen.Write(MergeAnswer.Of(order, result, written), CliJson.Instance.MergeAnswer);
        return !result.IsWhole ? ExitCode.SaysNo
            : order.IsDry && result.IsChanged ? ExitCode.DifferencesPresent
            : ExitCode.Done;
    }
}

/// <summary>What was asked of a merge.</summary>
internal sealed record MergeOrder
{
    public required string Old { get; init; }

    public required string Mine { get; init; }

    public required string New { get; init; }

    public string? To { get; init; }

    public string? Decisions { get; init; }

    public ImmutableArray<string> Placeholders { get; init; } = [];

    public TemplateFormat? Format { get; init; }

    public bool IsDry { get; init; }

    public bool IsDraft { get; init; }

    public bool Show { get; init; }

    /// <summary>Where the result goes.</summary>
    public string Target => To ?? Mine;
}

/// <summary>What a merge gave, as JSON. The operator's own values are not in it.</summary>
/// <param name="File">Where the result lies, or would.</param>
/// <param name="Written">Whether it was written.</param>
/// <param name="Changed">Whether it differs from the operator's file.</param>
/// <param name="Backup">What the file was before; null when there was none, or nothing was written.</param>
/// <param name="Notes">What became of keys without anybody being asked.</param>
/// <param name="Conflicts">The conflicts, settled ones too.</param>
/// <param name="Placeholders">What is still to be filled in.</param>
internal sealed record MergeAnswer(
    string File,
    bool Written,
    bool Changed,
    string? Backup,
    ImmutableArray<MergeNote> Notes,
    ImmutableArray<MergeConflict> Conflicts,
    ImmutableArray<LeftPlaceholder> Placeholders
)
{
    public static MergeAnswer Of(MergeOrder order, MergeResult result, WrittenFile? written) =>
        new(
            order.Target,
            written is not null,
            result.IsChanged,
            written?.Backup,
            result.Notes,
            result.Conflicts,
            result.Placeholders
        );
}
