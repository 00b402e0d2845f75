using Belay.Formats;
using Belay.Releases.Merging;
using Belay.Releases.Trees;

namespace Belay.Releases.Reading;

/// <summary>Reads JSON: demanded versions of a package, or values.</summary>
internal static class JsonReader
{
    public static void Read(SourceFile file, Gathering gathered)
    {
        var text = file.Text.TrimStart();
        if (text.Length == 0 || text[0] != '{')
            return;
        var tree = TemplateFormat.Json.Read(file.Text);
        var top = tree.Entries.ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        if (top.ContainsKey("lineage") && top.ContainsKey("terraform_version"))
        {
            gathered.Leave(file.Shown, "a state file, which holds secrets: it is not read");
            return;
        }
        // Lock files and schemas are made by tools, and nobody sets values in them.
        if (top.ContainsKey("lockfileVersion") || top.ContainsKey("$schema"))
            return;
        if (top.GetValueOrDefault("engines")?.Value is TreeNode.Branch { IsList: false } engines)
        {
            foreach (var leaf in Leaves.Of(engines, KeyPath.Root))
                gathered.Tools.Add(
                    new ToolFact(
                        leaf.Key.ToString(),
                        leaf.Value.Read[2..],
                        $"{file.Shown}:{SourceLines.NumberOf(file.Text, leaf.At)}"
                    )
                );
            return;
        }
        if (!top.ContainsKey("dependencies") && !top.ContainsKey("scripts"))
            SettingsReader.Read(TemplateFormat.Json, file, gathered);
    }
}
