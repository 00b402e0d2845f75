using System.Text.RegularExpressions;

namespace Belay.Releases.Reading;

/// <summary>Reads references to images: <c>[registry/]repository[:tag][@digest]</c> (the grammar of github.com/distribution/reference).</summary>
internal static partial class ImageReference
{
    /// <summary>The image; null when the text is no reference.</summary>
    public static ImageFact? Of(string text, string place) =>
        Form().Match(text) is { Success: true } match
            ? new ImageFact(
                match.Groups["name"].Value,
                match.Groups["tag"] is { Success: true } tag ? tag.Value : null,
                match.Groups["digest"] is { Success: true } digest ? digest.Value : null,
                place
            )
            : null;

    [GeneratedRegex(
        @"^(?<name>([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Form();
}
