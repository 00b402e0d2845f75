using Belay.Formats;

namespace Belay.Releases.Trees;

/// <summary>Reads a file of environment variables into a tree that keeps every byte.</summary>
internal static class EnvTreeReader
{
    public static TreeNode.Branch Read(string text) =>
        LineTree.Root(
            text,
            [
                .. EnvText
                    .Read(text)
                    .Select(variable => new LineItem(
                        variable.Name,
                        SourceLines.StartOf(text, variable.Start),
                        variable.Offset,
                        new TreeNode.Leaf("", variable.Raw, $"s:{variable.Value}"),
                        variable.Offset + variable.Raw.Length
                    )),
            ]
        );
}
