using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Belay.Releases.Trees;

namespace Belay.Releases.Merging;

/// <summary>A value that a person has to fill in.</summary>
/// <param name="Key">The way to it.</param>
/// <param name="Line">Its line in the result, from 1.</param>
/// <param name="Text">The placeholder.</param>
public sealed record LeftPlaceholder(string Key, int Line, string Text);

/// <summary>Tells placeholders from values.</summary>
internal sealed class Placeholders
{
    /// <summary>What is always one.</summary>
    public const string Customary = "< REPLACE_VALUE_* >";

    private readonly Regex pattern;

    /// <param name="more">Further patterns; a star stands for any characters but blanks, a blank for any number of blanks.</param>
    public Placeholders(IEnumerable<string> more) =>
        pattern = new Regex(
            string.Join('|', more.Prepend(Customary).Select(Expression)),
            RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
        );

    /// <summary>Whether a single value is, or holds, a placeholder.</summary>
    public bool IsIn(TreeNode? node) => node is TreeNode.Leaf leaf && pattern.IsMatch(leaf.Raw);

    /// <summary>All that are left in a tree.</summary>
    public ImmutableArray<LeftPlaceholder> In(TreeNode.Branch tree, string text) =>
        [
            .. Leaves
                .Of(tree, KeyPath.Root)
                .Where(leaf => IsIn(leaf.Value))
                .Select(leaf => new LeftPlaceholder(
                    leaf.Key.ToString(),
                    SourceLines.NumberOf(text, leaf.At),
                    pattern.Match(leaf.Value.Raw).Value
                )),
        ];

    private static string Expression(string glob) =>
        Regex
            .Escape(glob.Trim())
            .Replace("\\*", @"\S*", StringComparison.Ordinal)
            .Replace("\\ ", @"\s*", StringComparison.Ordinal);
}
