using System.Collections.Immutable;
using System.Globalization;
using Belay.Releases.Trees;

namespace Belay.Releases.Merging;

/// <summary>Merges lists whose elements have no names: what one side alone inserted or removed is taken; where both did at one place, the whole list is one conflict.</summary>
internal sealed class ListMerger(NodeMerger merger, KeyPath path)
{
    public TreeNode Merge(
        TreeNode.Branch? old,
        TreeNode.Branch mine,
        TreeNode.Branch theirs,
        Entry mineEntry,
        Entry theirEntry
    )
    {
        if (mine.Meaning == theirs.Meaning)
            return mine;
        var chunks = old is null ? null : Chunks(old.Entries, mine.Entries, theirs.Entries);
        if (chunks?.Exists(chunk => chunk.IsConflict) != false)
        {
            switch (merger.Settle(old, mineEntry, theirEntry, path))
            {
                case Take.Mine:
                    return mine;
                case Take.New:
                    return theirs;
                default:
                    chunks ??= [new Chunk([], mine.Entries, theirs.Entries)];
                    break;
            }
        }
        var entries = Numbered(chunks.SelectMany(chunk => Taken(chunk, mine, theirs)));
        return BranchMerger.Compose(old, mine, theirs, entries, isRoot: path.Parts.IsEmpty);
    }

    private IEnumerable<Entry> Taken(Chunk chunk, TreeNode.Branch mine, TreeNode.Branch theirs)
    {
        if (Same(chunk.Theirs, chunk.Old) || Same(chunk.Theirs, chunk.Mine))
        {
            if (!Same(chunk.Mine, chunk.Old))
                Note(chunk.Mine, NoteKind.Own, chunk.Old, NoteKind.LeftOut);
            return chunk.Mine;
        }
        var fitted = chunk.Theirs.Select(entry => BranchMerger.Fit(entry, mine, theirs));
        if (!Same(chunk.Mine, chunk.Old))
        {
            // Settled as both: the operator's elements, and those of the new release that are not among them.
            var known = mine.Entries.Select(entry => entry.Value.Meaning).ToHashSet(StringComparer.Ordinal);
            return chunk.Mine.Concat(fitted.Where(entry => !known.Contains(entry.Value.Meaning)));
        }
        Note(chunk.Theirs, NoteKind.Added, chunk.Old, NoteKind.Removed);
        return fitted;
    }

    private void Note(ImmutableArray<Entry> now, NoteKind come, ImmutableArray<Entry> old, NoteKind gone)
    {
        foreach (var entry in now)
            merger.Settling.Note(path.Then(NodeMerger.Words(entry.Value) ?? "", isElement: true), come);
        foreach (var entry in old)
            merger.Settling.Note(path.Then(NodeMerger.Words(entry.Value) ?? "", isElement: true), gone);
    }

    private static ImmutableArray<Entry> Numbered(IEnumerable<Entry> entries) =>
        [.. entries.Select((entry, i) => entry with { Id = i.ToString(CultureInfo.InvariantCulture) })];

    /// <summary>A part of the lists between two elements that all three have.</summary>
    private sealed record Chunk(ImmutableArray<Entry> Old, ImmutableArray<Entry> Mine, ImmutableArray<Entry> Theirs)
    {
        public bool IsConflict => !Same(Mine, Old) && !Same(Theirs, Old) && !Same(Mine, Theirs);
    }

    private static bool Same(ImmutableArray<Entry> a, ImmutableArray<Entry> b) =>
        a.Select(entry => entry.Value.Meaning).SequenceEqual(b.Select(entry => entry.Value.Meaning));

    // The classic of three files, with elements for lines: cut where an element is common to all three.
    private static List<Chunk> Chunks(
        ImmutableArray<Entry> old,
        ImmutableArray<Entry> mine,
        ImmutableArray<Entry> theirs
    )
    {
        var (inMine, inTheirs) = (Matches(old, mine), Matches(old, theirs));
        var chunks = new List<Chunk>();
        var (o, m, n) = (0, 0, 0);
        for (var i = 0; i <= old.Length; i++)
        {
            var isEnd = i == old.Length;
            if (!isEnd && (inMine[i] < 0 || inTheirs[i] < 0))
                continue;
            var (toMine, toTheirs) = isEnd ? (mine.Length, theirs.Length) : (inMine[i], inTheirs[i]);
            chunks.Add(new Chunk(old[o..i], mine[m..toMine], theirs[n..toTheirs]));
            if (!isEnd)
                chunks.Add(new Chunk([old[i]], [mine[toMine]], [theirs[toTheirs]]));
            (o, m, n) = (i + 1, toMine + 1, toTheirs + 1);
        }
        return chunks;
    }

    /// <summary>For each element of the first list its place in the second, by the longest common subsequence; -1: none.</summary>
    private static int[] Matches(ImmutableArray<Entry> a, ImmutableArray<Entry> b)
    {
        var lengths = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        for (var j = b.Length - 1; j >= 0; j--)
            lengths[i, j] =
                a[i].Value.Meaning == b[j].Value.Meaning
                    ? lengths[i + 1, j + 1] + 1
                    : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        var matches = Enumerable.Repeat(-1, a.Length).ToArray();
        for (int i = 0, j = 0; i < a.Length && j < b.Length; )
        {
            if (a[i].Value.Meaning == b[j].Value.Meaning)
                (matches[i], i, j) = (j, i + 1, j + 1);
            else if (lengths[i + 1, j] >= lengths[i, j + 1])
                i++;
            else
                j++;
        }
        return matches;
    }
}
