using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Belay.Formats;
using Belay.Releases.Reading;

namespace Belay.Releases.Checking;

/// <summary>What an operator adds to a release so that it can be checked.</summary>
public sealed record PreflightSources
{
    /// <summary>Their own values files, made from the release's.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>The file of variables that the service reads; null: none is checked.</summary>
    public string? EnvironmentFile { get; init; }

    /// <summary>The connection of the registry; null: no image is looked up.</summary>
    public string? Registry { get; init; }
}

/// <summary>Writes a part of a plan that checks whether a release can begin: images, placeholders, variables, tools.</summary>
public static partial class PreflightPart
{
    /// <summary>The part, for <c>use</c>, and what of the release no check of it covers.</summary>
    /// <param name="release">The release; its folder is written into the part as it was named.</param>
    /// <param name="sources">What the operator adds.</param>
    public static (string Part, ImmutableArray<string> NotChecked) Of(ReleaseFacts release, PreflightSources sources)
    {
        var left = new List<string>();
        string[] steps =
        [
            .. Images(release, sources, left),
            .. Placeholders(release, sources, left),
            .. Variables(release, sources, left),
            .. Tools(release, left),
        ];
        left.Add("snapshots: no operation reads how old they are");
        var text = new StringBuilder(
            $"# What has to hold before release {release.Folder} begins; made by belay release check.\nbelay: 1\nsteps:\n"
        );
        foreach (var step in steps)
            text.Append(step);
        if (steps.Length == 0)
            text.Append("  - confirm: { instructions: \"Nothing of this release could be made a check\" }\n");
        foreach (var one in left)
            text.Append($"# not checked: {one}\n");
        return (text.ToString(), [.. left]);
    }

    private static IEnumerable<string> Images(ReleaseFacts release, PreflightSources sources, List<string> left)
    {
        var names = release
            .Images.Select(image =>
                image.Name
                + (image.Tag is null ? "" : $":{image.Tag}")
                + (image.Digest is null ? "" : $"@{image.Digest}")
            )
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (names.Length == 0)
            yield break;
        if (sources.Registry is not { } registry)
        {
            left.Add($"{names.Length} images: no registry was named");
        }
        else
        {
            yield return Step(
                "oci.images",
                "every image is in the registry",
                ("connection", Quoted(registry)),
                ("images", Listed(names))
            );
        }
    }

    private static IEnumerable<string> Placeholders(ReleaseFacts release, PreflightSources sources, List<string> left)
    {
        var placeholders = release
            .Settings.SelectMany(file => file.Values)
            .Where(value => value.IsPlaceholder)
            .ToArray();
        if (!sources.Values.IsEmpty)
        {
            yield return Step(
                "files.absent",
                "no placeholder is left",
                ("paths", Listed(sources.Values)),
                (
                    "text",
                    Listed(
                        placeholders
                            .Select(value => value.Value)
                            .OfType<string>()
                            .Append("REPLACE_VALUE_")
                            .Distinct(StringComparer.Ordinal)
                    )
                )
            );
        }
        else if (placeholders.Length > 0)
        {
            left.Add($"{placeholders.Length} placeholders: no values file was named");
        }
    }

    private static IEnumerable<string> Variables(ReleaseFacts release, PreflightSources sources, List<string> left)
    {
        var examples = release
            .Environment.GroupBy(variable => variable.Place[..variable.Place.LastIndexOf(':')], StringComparer.Ordinal)
            .ToArray();
        foreach (var example in examples)
        {
            if (sources.EnvironmentFile is { } file)
            {
                yield return Step(
                    "files.env-keys",
                    $"every variable that {example.Key} requires is set",
                    ("example", Quoted(InRelease(release, example.Key))),
                    ("environment", Quoted(file))
                );
            }
            else
            {
                left.Add($"{example.Count()} variables of {example.Key}: no file of variables was named");
            }
        }
    }

    private static IEnumerable<string> Tools(ReleaseFacts release, List<string> left)
    {
        foreach (var tool in release.Tools)
        {
            if (tool.Tool == "terraform" && Bounds().Match(tool.Range) is { Success: true } bounds)
            {
                yield return Step(
                    "opentofu.version",
                    $"the tool is {tool.Range}",
                    [
                        ("directory", Quoted(InRelease(release, Path.GetDirectoryName(tool.Place) ?? ""))),
                        ("at-least", Quoted(bounds.Groups["least"].Value)),
                        .. bounds.Groups["below"] is { Success: true } below
                            ? [("below", Quoted(below.Value))]
                            : Array.Empty<(string, string)>(),
                    ]
                );
            }
            else
            {
                left.Add($"{tool.Tool} {tool.Range} ({tool.Place})");
            }
        }
    }

    private static string InRelease(ReleaseFacts release, string path) => Path.Combine(release.Folder, path);

    private static string Step(string check, string name, params IEnumerable<(string Key, string Value)> with) =>
        $"  - check: {check}\n    name: {Quoted(name)}\n    with:\n"
        + string.Concat(with.Select(one => $"      {one.Key}: {one.Value}\n"));

    private static string Listed(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quoted))}]";

    private static string Quoted(string text) => JsonFormat.Quote(text.Replace("${", "$${", StringComparison.Ordinal));

    [GeneratedRegex(
        @"^>=\s*(?<least>[0-9][0-9.]*)(\s*,\s*<\s*(?<below>[0-9][0-9.]*))?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Bounds();
}
