using System.Text.RegularExpressions;
using Belay.Releases.Merging;

namespace Belay.Releases.Reading;

/// <summary>Chooses who reads a file.</summary>
internal static partial class FileReaders
{
    /// <summary>The reader of a file; null: its ending is none of a text that says something of a release.</summary>
    public static Action<SourceFile, Gathering>? For(string path) =>
        Path.GetFileName(path) switch
        {
            var name when name.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) => MigrationReader.Read,
            var name when name.EndsWith(".md", StringComparison.OrdinalIgnoreCase) => ChangelogReader.Read,
            var name when Infrastructure().IsMatch(name) && !name.EndsWith(".json", StringComparison.Ordinal) =>
                InfrastructureReader.Read,
            var name when name.EndsWith(".tpl", StringComparison.Ordinal) => null,
            var name => TemplateFormats.OfName(name) switch
            {
                TemplateFormat.Yaml => YamlReader.Read,
                TemplateFormat.Json => JsonReader.Read,
                TemplateFormat.Env => EnvironmentReader.Read,
                TemplateFormat.Hcl => (file, gathered) => SettingsReader.Read(TemplateFormat.Hcl, file, gathered),
                TemplateFormat.Properties => (file, gathered) =>
                    SettingsReader.Read(TemplateFormat.Properties, file, gathered),
                _ => name.EndsWith(".txt", StringComparison.Ordinal) || !name.Contains('.', StringComparison.Ordinal)
                    ? ListReader.Read
                    : null,
            },
        };

    /// <summary>Terraform's files, and those that only a rename keeps it from reading.</summary>
    [GeneratedRegex(@"\.tf(\.[A-Za-z0-9._-]+)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Infrastructure();
}
