using Belay.Formats;
using Belay.Releases.Merging;
using Belay.Releases.Trees;

namespace Belay.Releases.Reading;

/// <summary>Reads a file of values.</summary>
internal static class SettingsReader
{
    private static readonly Placeholders Placeholders = new([]);

    public static void Read(TemplateFormat format, SourceFile file, Gathering gathered)
    {
        TreeNode.Branch tree;
        try
        {
            tree = format.Read(file.Text);
        }
        catch (ValueFormatException e) when (e.Message.Contains("edited in place", StringComparison.Ordinal))
        {
            // It may be well-formed, and only of a shape that has no keys to compare.
            gathered.Leave(file.Shown, e.Reason);
            return;
        }
        if (tree.IsList || tree.Entries.IsEmpty)
            return;
        var values = Leaves
            .Of(tree, KeyPath.Root)
            .Select(leaf => new SettingFact(
                leaf.Key.ToString(),
                Secrecy.Shown(leaf.Key.ToString(), leaf.Value.Raw),
                leaf.Value.Meaning,
                Placeholders.IsIn(leaf.Value),
                $"{file.Shown}:{SourceLines.NumberOf(file.Text, leaf.At)}"
            ));
        gathered.Settings.Add(new SettingsFile(file.Shown, [.. values]));
    }
}
