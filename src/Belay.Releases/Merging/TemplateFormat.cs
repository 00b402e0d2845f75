using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Belay.Formats;
using Belay.Releases.Trees;

namespace Belay.Releases.Merging;

/// <summary>The formats that can be merged.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TemplateFormat>))]
public enum TemplateFormat
{
    /// <summary>YAML of one document.</summary>
    [JsonStringEnumMemberName("yaml")]
    Yaml,

    /// <summary>JSON, comments and trailing commas where they stand.</summary>
    [JsonStringEnumMemberName("json")]
    Json,

    /// <summary>Environment variables, <c>NAME=value</c> a line.</summary>
    [JsonStringEnumMemberName("env")]
    Env,

    /// <summary>HCL: variables of Terraform and OpenTofu.</summary>
    [JsonStringEnumMemberName("hcl")]
    Hcl,

    /// <summary>Properties as Java reads them.</summary>
    [JsonStringEnumMemberName("properties")]
    Properties,
}

/// <summary>What is done with each format.</summary>
internal static partial class TemplateFormats
{
    /// <summary>The format that a file's name tells; words such as <c>.example</c> at its end are left out. Null: it tells none.</summary>
    public static TemplateFormat? OfName(string path)
    {
        var name = Path.GetFileName(path);
        if (EnvName().IsMatch(name))
            return TemplateFormat.Env;
        var stem = name;
        while (Sample().Match(stem) is { Success: true } sample)
            stem = stem[..sample.Index];
        return Path.GetExtension(stem).ToLowerInvariant() switch
        {
            ".yaml" or ".yml" => TemplateFormat.Yaml,
            ".json" => TemplateFormat.Json,
            ".env" => TemplateFormat.Env,
            ".tfvars" or ".hcl" or ".tf" => TemplateFormat.Hcl,
            ".properties" => TemplateFormat.Properties,
            _ => null,
        };
    }

    /// <exception cref="ValueFormatException">The text is not of the format.</exception>
    public static TreeNode.Branch Read(this TemplateFormat format, string text) =>
        format switch
        {
            TemplateFormat.Yaml => YamlTreeReader.Read(text),
            TemplateFormat.Json => JsonTreeReader.Read(text),
            TemplateFormat.Env => EnvTreeReader.Read(text),
            TemplateFormat.Hcl => HclTreeReader.Read(text),
            TemplateFormat.Properties => PropertiesTreeReader.Read(text),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };

    /// <summary>What sets one value in the format.</summary>
    public static IValueFormat Editor(this TemplateFormat format) =>
        format switch
        {
            TemplateFormat.Yaml => new YamlFormat(),
            TemplateFormat.Json => new JsonFormat(),
            TemplateFormat.Env => new EnvFormat(),
            TemplateFormat.Hcl => new HclFormat(),
            TemplateFormat.Properties => new PropertiesFormat(),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };

    [GeneratedRegex(
        @"^\.env(\..*)?$|^env(\.|-)(example|sample|template)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex EnvName();

    [GeneratedRegex(
        @"[.-](example|sample|template|tmpl|tpl|dist|default|orig|old|new|bak)$",
        RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.NonBacktracking
    )]
    private static partial Regex Sample();
}
