using Belay.Formats;

namespace Belay.Releases.Trees;

/// <summary>Reads a properties file into a tree that keeps every byte.</summary>
internal static class PropertiesTreeReader
{
    public static TreeNode.Branch Read(string text) =>
        LineTree.Root(
            text,
            [
                .. PropertiesText
                    .Read(text)
                    .Select(property => new LineItem(
                        property.Name,
                        SourceLines.StartOf(text, property.Start),
                        property.Offset,
                        new TreeNode.Leaf("", property.Raw, $"s:{property.Value}"),
                        property.Offset + property.Raw.Length
                    )),
            ]
        );
}
