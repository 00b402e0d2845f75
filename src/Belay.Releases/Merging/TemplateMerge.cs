using System.Collections.Immutable;
using Belay.Formats;
using Belay.Releases.Comparing;
using Belay.Releases.Reading;
using Belay.Releases.Trees;

namespace Belay.Releases.Merging;

/// <summary>What is merged.</summary>
public sealed record MergeInput
{
    /// <summary>The template that the operator's file was made from.</summary>
    public required SourceFile Old { get; init; }

    /// <summary>The operator's file.</summary>
    public required SourceFile Mine { get; init; }

    /// <summary>The template of the new release.</summary>
    public required SourceFile New { get; init; }

    /// <summary>The format of all three; null: as the name of one of them tells.</summary>
    public TemplateFormat? Format { get; init; }

    /// <summary>Patterns of placeholders beside <c>&lt; REPLACE_VALUE_* &gt;</c>; a star stands for any characters but blanks.</summary>
    public ImmutableArray<string> Placeholders { get; init; } = [];

    /// <summary>What was decided; a decision that is not needed is no error.</summary>
    public ImmutableArray<Decision> Decisions { get; init; } = [];
}

/// <summary>What a merge gave.</summary>
public sealed record MergeResult
{
    /// <summary>The merged text. Where a conflict is open it has the operator's side.</summary>
    public required string Text { get; init; }

    /// <summary>Whether it differs from the operator's file.</summary>
    public required bool IsChanged { get; init; }

    /// <summary>What became of keys without anybody being asked.</summary>
    public required ImmutableArray<MergeNote> Notes { get; init; }

    /// <summary>The conflicts, settled ones too.</summary>
    public required ImmutableArray<MergeConflict> Conflicts { get; init; }

    /// <summary>What a person still has to fill in.</summary>
    public required ImmutableArray<LeftPlaceholder> Placeholders { get; init; }

    /// <summary>The conflicts that nobody settled.</summary>
    public ImmutableArray<MergeConflict> Open => [.. Conflicts.Where(conflict => conflict.Settled is null)];

    /// <summary>Nothing is open and nothing is to be filled in: the text may be used.</summary>
    public bool IsWhole => Open.IsEmpty && Placeholders.IsEmpty;
}

/// <summary>Merges the operator's file, made from the old template, with the new template. Pure.</summary>
public static class TemplateMerge
{
    /// <summary>Merges. Without a change of the operator the result is the new template, without a change of the template the operator's file, byte by byte.</summary>
    /// <exception cref="ReleaseProblemException">A file is not of the format, or the result would not read as it was put together.</exception>
    public static MergeResult Merge(MergeInput input)
    {
        var format =
            input.Format
            ?? TemplateFormats.OfName(input.Mine.Shown)
            ?? TemplateFormats.OfName(input.New.Shown)
            ?? throw Problem(input.Mine, "its format cannot be told from its name", "give --format");
        var (old, mine, theirs) = (Read(format, input.Old), Read(format, input.Mine), Read(format, input.New));
        var placeholders = new Placeholders(input.Placeholders);
        var decisions = input.Decisions.ToDictionary(decision => decision.Key, StringComparer.Ordinal);
        var settling = new Settling(conflict =>
            // A value is put in place of what stands there: of the new side, where the operator has nothing.
            decisions.GetValueOrDefault(conflict.Key)
                is not { } decision
                ? null
            : decision.Take is { } take ? take
            : conflict.Mine is null ? Take.New
            : Take.Mine
        );
        var merger = new NodeMerger(settling, placeholders, Fresh(old.Tree, theirs.Tree), mine.Text, theirs.Text);
        var merged = Merge(format, input, merger, (old, mine, theirs));
        var text = WithValues(format, input, merged, decisions, placeholders, settling);
        if (mine.IsWindows)
            text = text.Replace("\n", "\r\n", StringComparison.Ordinal);
        return new MergeResult
        {
            Text = text,
            IsChanged = text != input.Mine.Text,
            Notes = [.. settling.Notes],
            Conflicts = [.. settling.Conflicts],
            Placeholders = placeholders.In(Reread(format, input, text, null), text),
        };
    }

    private static Likeness.Thing[] Fresh(TreeNode.Branch old, TreeNode.Branch theirs)
    {
        var known = Leaves.Of(old, KeyPath.Root).Select(leaf => leaf.Key.ToString()).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Leaves
                .Of(theirs, KeyPath.Root)
                .Select(leaf => new Likeness.Thing(leaf.Key.ToString(), leaf.Value.Meaning))
                .Where(thing => !known.Contains(thing.Name)),
        ];
    }

    /// <summary>A text and its tree, its lines ended as on Unix.</summary>
    private sealed record Parsed(string Text, TreeNode.Branch Tree, bool IsWindows);

    private static Parsed Read(TemplateFormat format, SourceFile file)
    {
        // Files of another system are merged as ours and written as the operator's file was.
        var isWindows = file.Text.Contains('\n', StringComparison.Ordinal) && LoneLineFeeds(file.Text) == 0;
        var text = isWindows ? file.Text.Replace("\r\n", "\n", StringComparison.Ordinal) : file.Text;
        try
        {
            return new Parsed(text, format.Read(text), isWindows);
        }
        catch (ValueFormatException e)
        {
            throw new ReleaseProblemException(new ReleaseProblem(file.Shown, e.Line, e.Column, e.Reason));
        }
    }

    private static int LoneLineFeeds(string text) => text.AsSpan().Count('\n') - text.AsSpan().Count("\r\n");

    private static string Merge(
        TemplateFormat format,
        MergeInput input,
        NodeMerger merger,
        (Parsed Old, Parsed Mine, Parsed New) files
    )
    {
        var (old, mine, theirs) = files;
        var tree = merger.Merge(old.Tree, Root(mine.Tree), Root(theirs.Tree), KeyPath.Root);
        var text = tree.Text;
        if (mine.Text.EndsWith('\n') && text.Length > 0 && !text.EndsWith('\n') && text != theirs.Text)
            text += "\n";
        _ = Reread(format, input, text, tree.Meaning);
        return text;

        static Entry Root(TreeNode.Branch tree) =>
            new()
            {
                Id = "",
                At = 0,
                Value = tree,
            };
    }

    // Nothing leaves here that was not read again, and says the same as what was put together.
    private static TreeNode.Branch Reread(TemplateFormat format, MergeInput input, string text, string? meaning)
    {
        string? reason;
        try
        {
            var tree = format.Read(text);
            reason = format == TemplateFormat.Yaml ? YamlAnchors.Problem(text) : null;
            if (reason is null && (meaning is null || tree.Meaning == meaning))
                return tree;
            reason ??= "it would not read as it was put together";
        }
        catch (ValueFormatException e)
        {
            reason = e.Message;
        }
        throw Problem(
            input.Mine,
            $"cannot be merged in place: {reason}",
            "bring the file closer to the old template's writing, or merge this one by hand"
        );
    }

    private static string WithValues(
        TemplateFormat format,
        MergeInput input,
        string text,
        Dictionary<string, Decision> decisions,
        Placeholders placeholders,
        Settling settling
    )
    {
        var asked = settling.Conflicts.Select(conflict => conflict.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var decision in decisions.Values.Where(decision => decision.Value is not null))
        {
            var leaf = Leaves.Of(format.Read(text), KeyPath.Root).FirstOrDefault(l => l.Key.ToString() == decision.Key);
            // A value is given where something was asked, and nowhere else: the operator's later word counts.
            if (leaf is null || (!asked.Contains(decision.Key) && !placeholders.IsIn(leaf.Value)))
                continue;
            try
            {
                text = format.Editor().Set(text, leaf.Way, decision.AsValue());
            }
            catch (ValueFormatException e)
            {
                throw Problem(input.Mine, $"the value for {decision.Key} cannot be set: {e.Message}", null);
            }
        }
        return text;
    }

    private static ReleaseProblemException Problem(SourceFile file, string message, string? hint) =>
        new(new ReleaseProblem(file.Shown, 1, 1, message, hint));
}
