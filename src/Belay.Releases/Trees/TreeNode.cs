using System.Collections.Immutable;
using System.Text;

namespace Belay.Releases.Trees;

/// <summary>A part of a configuration text that keeps every byte: what it is made of, put together again, is the text. A closed hierarchy.</summary>
internal abstract record TreeNode
{
    private TreeNode() { }

    /// <summary>The part as it is written, from behind its key on.</summary>
    public abstract string Text { get; }

    /// <summary>What a program reads in it: the same for two texts that differ in comments, order of keys, or quotes.</summary>
    public abstract string Meaning { get; }

    /// <summary>A value that is not looked into.</summary>
    /// <param name="Lead">What stands between the key and the value.</param>
    /// <param name="Raw">The value as it is written.</param>
    /// <param name="Read">What a program reads.</param>
    public sealed record Leaf(string Lead, string Raw, string Read) : TreeNode
    {
        public override string Text => Lead + Raw;

        public override string Meaning => Read;
    }

    /// <summary>A map or a list.</summary>
    public sealed record Branch : TreeNode
    {
        private readonly Lazy<string> text;
        private readonly Lazy<string> meaning;

        public Branch()
        {
            text = new Lazy<string>(() => TreeWriter.Write(this));
            meaning = new Lazy<string>(() => TreeMeaning.Of(this));
        }

        /// <summary>A changed copy; what was made of the old one is made anew.</summary>
        public Branch(Branch old)
            : base(old)
        {
            (IsList, IsInline, Indent, BeginsInline) = (old.IsList, old.IsInline, old.Indent, old.BeginsInline);
            (Open, Close, EndsWithComma, Entries) = (old.Open, old.Close, old.EndsWithComma, old.Entries);
            text = new Lazy<string>(() => TreeWriter.Write(this));
            meaning = new Lazy<string>(() => TreeMeaning.Of(this));
        }

        /// <summary>Its entries have no names.</summary>
        public required bool IsList { get; init; }

        /// <summary>Commas stand between its entries; otherwise each begins on a line of its own.</summary>
        public required bool IsInline { get; init; }

        /// <summary>What stands before each entry in its line. Not when inline.</summary>
        public string Indent { get; init; } = "";

        /// <summary>The first entry stands in the line that opens the branch, as in <c>- name: a</c>. Not when inline.</summary>
        public bool BeginsInline { get; init; }

        /// <summary>What stands before the entries, an opening bracket included.</summary>
        public required string Open { get; init; }

        /// <summary>What stands behind them, a closing bracket included.</summary>
        public required string Close { get; init; }

        /// <summary>A comma stands behind the last entry, too. Inline only.</summary>
        public bool EndsWithComma { get; init; }

        /// <summary>The entries, in the order of the file.</summary>
        public required ImmutableArray<Entry> Entries { get; init; }

        public override string Text => text.Value;

        public override string Meaning => meaning.Value;

        // Compared by what is written; the entries are an array, which records compare by its place in memory.
        public bool Equals(Branch? other) => other is not null && Text == other.Text;

        public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);
    }
}

/// <summary>One key and its value, or one element of a list.</summary>
internal sealed record Entry
{
    /// <summary>By what it is known among its neighbours: the name of the key, the place in a list, or what names an element.</summary>
    public required string Id { get; init; }

    /// <summary>Where it begins in the text it was read from, in characters.</summary>
    public required int At { get; init; }

    /// <summary>Whole lines above it (comments, blank lines); inline: what stands between the comma and it.</summary>
    public string Before { get; init; } = "";

    /// <summary>The key as it is written, with the sign behind it; of an element of a list the dash.</summary>
    public string Head { get; init; } = "";

    /// <summary>The value.</summary>
    public required TreeNode Value { get; init; }

    /// <summary>The rest of its last line, with the line's end, and comments that belong to it; inline: what stands before the comma.</summary>
    public string After { get; init; } = "";
}

/// <summary>Puts a branch together.</summary>
internal static class TreeWriter
{
    public static string Write(TreeNode.Branch branch)
    {
        var text = new StringBuilder(branch.Open);
        for (var i = 0; i < branch.Entries.Length; i++)
        {
            if (branch.IsInline)
                WriteInline(text, branch, i);
            else
                WriteLine(text, branch, i);
        }
        if (!branch.IsInline && branch.Entries.Length > 0 && branch.Close.Length > 0)
            EndLine(text);
        return text.Append(branch.Close).ToString();
    }

    private static void WriteInline(StringBuilder text, TreeNode.Branch branch, int i)
    {
        var entry = branch.Entries[i];
        text.Append(entry.Before).Append(entry.Head).Append(entry.Value.Text).Append(entry.After);
        if (i + 1 < branch.Entries.Length || branch.EndsWithComma)
            text.Append(',');
    }

    private static void WriteLine(StringBuilder text, TreeNode.Branch branch, int i)
    {
        var entry = branch.Entries[i];
        if (i > 0 || (!branch.BeginsInline && branch.Open.Length > 0))
            EndLine(text);
        if (i == 0 && branch.BeginsInline)
        {
            if (entry.Before.Length > 0)
                text.Length -= branch.Open.Length - branch.Open.TrimEnd(' ').Length;
            if (entry.Before.Length > 0)
                text.Append('\n').Append(entry.Before).Append(branch.Indent);
        }
        else
        {
            text.Append(entry.Before).Append(branch.Indent);
        }
        text.Append(entry.Head).Append(entry.Value.Text).Append(entry.After);
    }

    // The last line of a file may have no end; when something follows it now, it needs one.
    private static void EndLine(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != '\n')
            text.Append('\n');
    }
}

/// <summary>What a program reads in a branch.</summary>
internal static class TreeMeaning
{
    public static string Of(TreeNode.Branch branch) =>
        branch.IsList
            ? $"[{string.Join(",", branch.Entries.Select(entry => entry.Value.Meaning))}]"
            : "{"
                + string.Join(
                    ",",
                    branch
                        .Entries.Where(entry => entry.Id.Length > 0)
                        .OrderBy(entry => entry.Id, StringComparer.Ordinal)
                        .Select(entry => $"{entry.Id.Length}:{entry.Id}={entry.Value.Meaning}")
                )
                + "}";
}
