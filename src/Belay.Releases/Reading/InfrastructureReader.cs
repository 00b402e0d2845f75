using Belay.Formats;
using Belay.Releases.Trees;

namespace Belay.Releases.Reading;

/// <summary>Reads files of Terraform and OpenTofu: variables, resources, demanded versions.</summary>
internal static class InfrastructureReader
{
    public static void Read(SourceFile file, Gathering gathered)
    {
        // "cache.tf.off" and the like are shipped to be renamed; an example of such a file is none.
        var isActive = file.Shown.EndsWith(".tf", StringComparison.Ordinal);
        if (file.Shown.EndsWith(".example", StringComparison.Ordinal))
            return;
        foreach (var block in HclReader.Read(file.Text).Blocks)
        {
            var place = $"{file.Shown}:{SourceLines.NumberOf(file.Text, block.At)}";
            switch (block.Path)
            {
                case ["variable", var name]:
                    if (isActive)
                        gathered.Variables.Add(
                            new VariableFact(
                                name,
                                Text(file, block.Body, "type"),
                                Secrecy.Shown("", Text(file, block.Body, "default") ?? "") is { Length: > 0 } shown
                                    ? shown
                                    : null,
                                place
                            )
                        );
                    break;
                case ["resource", var type, var name]:
                    gathered.Resources.Add(new ResourceFact($"{type}.{name}", isActive, null, place));
                    break;
                case ["module", var name]:
                    gathered.Resources.Add(new ResourceFact($"module.{name}", isActive, null, place));
                    break;
                case ["moved"]:
                    if (Text(file, block.Body, "from") is { } from && Text(file, block.Body, "to") is { } to)
                        gathered.Moved[to] = from;
                    break;
                case ["terraform"]:
                    ReadVersions(file, block, gathered);
                    break;
            }
        }
    }

    private static void ReadVersions(SourceFile file, HclBlock block, Gathering gathered)
    {
        var place = $"{file.Shown}:{SourceLines.NumberOf(file.Text, block.At)}";
        if (Text(file, block.Body, "required_version") is { } range)
            gathered.Tools.Add(new ToolFact("terraform", range.Trim('"'), place));
        foreach (var providers in block.Body.Blocks.Where(b => b.Path is ["required_providers"]))
        foreach (var provider in providers.Body.Attributes.Where(a => a.Inner is not null))
        {
            if (Text(file, provider.Inner!, "version") is { } version)
                gathered.Tools.Add(new ToolFact($"provider {provider.Name}", version.Trim('"'), place));
        }
    }

    private static string? Text(SourceFile file, HclBody body, string name) =>
        body.Attributes.FirstOrDefault(a => a.Name == name) is { } found
            ? string.Join(
                ' ',
                file.Text[found.From..found.To].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            )
            : null;
}
