using System.Collections.Immutable;
using Belay.Releases.Trees;

namespace Belay.Releases.Merging;

/// <summary>Merges three branches, entry by entry.</summary>
internal sealed class BranchMerger(NodeMerger merger, KeyPath path)
{
    /// <summary>Whether two branches can be merged entry by entry: of the same kind, and written in the same way where both have entries.</summary>
    public static bool IsAlike(TreeNode.Branch a, TreeNode.Branch b) =>
        a.IsList == b.IsList && (a.IsInline == b.IsInline || a.Entries.IsEmpty || b.Entries.IsEmpty);

    /// <param name="old">The old template's branch; null when it has none there.</param>
    /// <param name="mine">The operator's branch.</param>
    /// <param name="theirs">The new template's branch.</param>
    /// <param name="mineEntry">The entry that the operator's branch is the value of.</param>
    /// <param name="theirEntry">The entry that the new template's branch is the value of.</param>
    public TreeNode Merge(
        TreeNode.Branch? old,
        TreeNode.Branch mine,
        TreeNode.Branch theirs,
        Entry mineEntry,
        Entry theirEntry
    )
    {
        if (old is not null && old.IsList != mine.IsList)
            old = null;
        (old, mine, theirs) = OnOneIndent(old, mine, theirs);
        if (mine.IsList)
        {
            if (ListKeys.Of(old, mine, theirs) is not { } keys)
                return new ListMerger(merger, path).Merge(old, mine, theirs, mineEntry, theirEntry);
            (old, mine, theirs) = (old is null ? null : keys.Of(old), keys.Of(mine), keys.Of(theirs));
        }
        return Compose(old, mine, theirs, Entries(old, mine, theirs), isRoot: path.Parts.IsEmpty);
    }

    /// <summary>Puts entries into the frame that three branches have: brackets, commas, comments behind the last entry.</summary>
    public static TreeNode Compose(
        TreeNode.Branch? old,
        TreeNode.Branch mine,
        TreeNode.Branch theirs,
        ImmutableArray<Entry> entries,
        bool isRoot
    )
    {
        // Without entries only an empty one has the right writing; with them only one that has some.
        if (entries.IsEmpty)
            return mine.Entries.IsEmpty ? mine
                : theirs.Entries.IsEmpty ? theirs
                : Emptied(mine, isRoot);
        var frame = mine.Entries.IsEmpty ? theirs : mine;
        var other = theirs.Entries.IsEmpty ? mine : theirs;
        var first = old is { Entries.IsEmpty: false } && old.IsInline == frame.IsInline ? old : null;
        var isOpenTheirs = first?.Open == frame.Open;
        return frame with
        {
            Open = isOpenTheirs ? other.Open : frame.Open,
            BeginsInline = isOpenTheirs ? other.BeginsInline : frame.BeginsInline,
            Close = ThreeWay.Pick(first?.Close, frame.Close, other.Close),
            EndsWithComma = ThreeWay.Pick(first?.EndsWithComma, frame.EndsWithComma, other.EndsWithComma),
            Entries = entries,
        };
    }

    // A map in lines that lost its last key is written as an empty one, or it would be nothing.
    private static TreeNode.Branch Emptied(TreeNode.Branch branch, bool isRoot) =>
        branch.IsInline || isRoot || branch.Close.TrimEnd().EndsWith('}')
            ? branch with
            {
                Entries = [],
                EndsWithComma = false,
            }
            : new TreeNode.Branch
            {
                IsList = branch.IsList,
                IsInline = true,
                Open = branch.IsList ? " [" : " {",
                Close = (branch.IsList ? "]" : "}") + (branch.BeginsInline ? "\n" : branch.Open) + branch.Close,
                Entries = [],
            };

    // What the three have at different depths is compared, and put together, at one.
    private static (TreeNode.Branch?, TreeNode.Branch, TreeNode.Branch) OnOneIndent(
        TreeNode.Branch? old,
        TreeNode.Branch mine,
        TreeNode.Branch theirs
    )
    {
        if (mine.IsInline || theirs.IsInline)
            return (old, mine, theirs);
        var first = old is { IsInline: false, Entries.IsEmpty: false } ? old.Indent : null;
        var indent = ThreeWay.Pick(first, mine.Indent, theirs.Indent);
        return (
            old is { IsInline: false } ? Reindent.Of(old, old.Indent, indent) : old,
            Reindent.Of(mine, mine.Indent, indent),
            Reindent.Of(theirs, theirs.Indent, indent)
        );
    }

    private ImmutableArray<Entry> Entries(TreeNode.Branch? old, TreeNode.Branch mine, TreeNode.Branch theirs)
    {
        var (o, m, n) = (ById(old), ById(mine), ById(theirs));
        var result = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var id in mine.Entries.Concat(theirs.Entries).Select(entry => entry.Id).Distinct())
        {
            var merged = (m.GetValueOrDefault(id), n.GetValueOrDefault(id)) switch
            {
                ({ } a, { } b) => Both(o.GetValueOrDefault(id), a, b, mine.IsList),
                ({ } a, null) => OnlyMine(o.GetValueOrDefault(id), a, mine.IsList),
                (null, { } b) => OnlyTheirs(o.GetValueOrDefault(id), b, mine, theirs),
                _ => null,
            };
            if (merged is not null)
                result[id] = merged;
        }
        foreach (var entry in old?.Entries.Where(e => !m.ContainsKey(e.Id) && !n.ContainsKey(e.Id)) ?? [])
            merger.Settling.Note(path.Then(entry.Id, mine.IsList), NoteKind.Removed);
        var orphans = Orphans(o, mine, n, result);
        return [.. EntryOrder.Of(old, mine, theirs, result.ContainsKey).Select(id => WithOrphans(result[id], orphans))];
    }

    private Entry Both(Entry? old, Entry mine, Entry theirs, bool isElement)
    {
        var value = merger.Merge(old?.Value, mine, theirs, path.Then(mine.Id, isElement));
        // A block ends with its line, a value before it: the rest of the line goes with what was taken.
        var isTheirs = ReferenceEquals(value, theirs.Value);
        var shaped =
            IsBlock(mine.Value) == IsBlock(theirs.Value) && (old is null || IsBlock(old.Value) == IsBlock(value));
        var after =
            shaped && IsBlock(value) == IsBlock(mine.Value) ? ThreeWay.Pick(old?.After, mine.After, theirs.After)
            : IsBlock(value) == IsBlock(mine.Value) && !isTheirs ? mine.After
            : IsBlock(value) == IsBlock(theirs.Value) ? theirs.After
            : "";
        return mine with
        {
            Before = ThreeWay.Pick(old?.Before, mine.Before, theirs.Before),
            Head = ThreeWay.Pick(old?.Head, mine.Head, theirs.Head),
            Value = value,
            After = after,
        };
    }

    private static bool IsBlock(TreeNode node) => node.Text.EndsWith('\n');

    private Entry? OnlyMine(Entry? old, Entry mine, bool isElement)
    {
        var key = path.Then(mine.Id, isElement);
        if (old is null)
        {
            merger.Settling.Note(key, NoteKind.Own);
            return mine;
        }
        if (old.Value.Meaning == mine.Value.Meaning)
        {
            merger.Settling.Note(key, NoteKind.Removed);
            return null;
        }
        var take = merger.Settling.Settle(
            new MergeConflict
            {
                Key = key.ToString(),
                Kind = ConflictKind.RemovedInNew,
                Old = NodeMerger.Words(old.Value),
                Mine = NodeMerger.Words(mine.Value),
                MineLine = SourceLines.NumberOf(merger.MineText, mine.At),
                IsList = false,
                PerhapsNow = merger.PerhapsNow(key, old.Value),
            }
        );
        return take == Take.New ? null : mine;
    }

    private Entry? OnlyTheirs(Entry? old, Entry theirs, TreeNode.Branch mine, TreeNode.Branch theirBranch)
    {
        var key = path.Then(theirs.Id, mine.IsList);
        if (old is null)
        {
            merger.Settling.Note(key, NoteKind.Added);
            return Fit(theirs, mine, theirBranch);
        }
        if (old.Value.Meaning == theirs.Value.Meaning)
        {
            merger.Settling.Note(key, NoteKind.LeftOut);
            return null;
        }
        var take = merger.Settling.Settle(
            new MergeConflict
            {
                Key = key.ToString(),
                Kind = ConflictKind.RemovedByOperator,
                Old = NodeMerger.Words(old.Value),
                New = NodeMerger.Words(theirs.Value),
                NewLine = SourceLines.NumberOf(merger.NewText, theirs.At),
                IsList = false,
            }
        );
        return take == Take.New ? Fit(theirs, mine, theirBranch) : null;
    }

    /// <summary>An entry of the new template between the operator's: inline ones stand as their new neighbours do.</summary>
    public static Entry Fit(Entry theirs, TreeNode.Branch mine, TreeNode.Branch theirBranch)
    {
        if (!mine.IsInline || mine.Entries.IsEmpty)
            return theirs;
        var neighbour = mine.Entries[^1].Before;
        var before =
            mine.Entries.Length > 1 || neighbour.Contains('\n', StringComparison.Ordinal) ? neighbour
            : mine.IsList || neighbour.Length > 0 || theirBranch.Entries[0].Before != theirs.Before ? " "
            : neighbour;
        return Reindent.Of(theirs with { Before = "" }, Depth(theirs.Before), Depth(before)) with { Before = before };
    }

    private static string Depth(string before)
    {
        var blanks = before[(before.LastIndexOf('\n') + 1)..];
        return blanks.Trim().Length == 0 ? blanks : "";
    }

    /// <summary>Comments of the operator above a key that the new release removed: they stay, above what comes next.</summary>
    private static Dictionary<string, string> Orphans(
        Dictionary<string, Entry> old,
        TreeNode.Branch mine,
        Dictionary<string, Entry> theirs,
        Dictionary<string, Entry> result
    )
    {
        var orphans = new Dictionary<string, string>(StringComparer.Ordinal);
        var waiting = "";
        foreach (var entry in mine.IsInline ? [] : mine.Entries)
        {
            if (result.ContainsKey(entry.Id))
            {
                if (waiting.Length > 0)
                    orphans[entry.Id] = waiting;
                waiting = "";
            }
            else if (!theirs.ContainsKey(entry.Id) && entry.Before.Contains('#', StringComparison.Ordinal))
            {
                waiting += old.GetValueOrDefault(entry.Id)?.Before == entry.Before ? "" : entry.Before;
            }
        }
        return orphans;
    }

    private static Entry WithOrphans(Entry entry, Dictionary<string, string> orphans) =>
        orphans.TryGetValue(entry.Id, out var comments) ? entry with { Before = comments + entry.Before } : entry;

    private static Dictionary<string, Entry> ById(TreeNode.Branch? branch) =>
        branch?.Entries.ToDictionary(entry => entry.Id, StringComparer.Ordinal) ?? new(StringComparer.Ordinal);
}
