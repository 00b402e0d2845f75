using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Belay.Domain.Versions;

/// <summary>Which versions will do, as Terraform (<c>&gt;= 1.10.4, &lt; 2</c>, <c>~&gt; 1.5</c>), Helm and npm (<c>^18 || ^20</c>, <c>~1.2</c>, <c>1.x</c>, <c>1.2 - 1.4</c>) write it.</summary>
public sealed partial record VersionRange
{
    private readonly ImmutableArray<ImmutableArray<Bound>> alternatives;

    private VersionRange(ImmutableArray<ImmutableArray<Bound>> alternatives) => this.alternatives = alternatives;

    /// <summary>Reads a range. Null: it is none, and nothing can be said of any version.</summary>
    public static VersionRange? TryParse(string text)
    {
        var read = ImmutableArray.CreateBuilder<ImmutableArray<Bound>>();
        foreach (var alternative in text.Split("||"))
        {
            if (Bounds(alternative.Trim()) is not { } bounds)
                return null;
            read.Add(bounds);
        }
        return new VersionRange(read.ToImmutable());
    }

    /// <summary>Whether a version will do.</summary>
    public bool Holds(VersionNumber version) => alternatives.Any(bounds => bounds.All(bound => bound.Holds(version)));

    private sealed record Bound(string Sign, VersionNumber Version)
    {
        public bool Holds(VersionNumber version) =>
            Sign switch
            {
                ">=" => version >= Version,
                ">" => version > Version,
                "<=" => version <= Version,
                "<" => version < Version,
                "!=" => version != Version,
                _ => version == Version,
            };
    }

    private static ImmutableArray<Bound>? Bounds(string text)
    {
        if (text is "" or "*" or "x")
            return [];
        if (Between().Match(text) is { Success: true } between)
            return Bounds($">={between.Groups["from"].Value} <={between.Groups["to"].Value}");
        var bounds = ImmutableArray.CreateBuilder<Bound>();
        var at = 0;
        foreach (Match part in Part().Matches(text))
        {
            if (text[at..part.Index].Trim(' ', ',').Length > 0)
                return null;
            at = part.Index + part.Length;
            var written = part.Groups["version"].Value;
            var bare = Wildcard().Replace(written, "");
            if (VersionNumber.TryParse(bare) is not { } version)
                return null;
            bounds.AddRange(Of(part.Groups["sign"].Value, version, isWildcard: bare != written));
        }
        return text[at..].Trim(' ', ',').Length > 0 || bounds.Count == 0 ? null : bounds.ToImmutable();
    }

    private static IEnumerable<Bound> Of(string sign, VersionNumber version, bool isWildcard) =>
        sign switch
        {
            // The last number that is written may grow: ~> 1.5 is below 2, ~> 1.5.2 below 1.6.
            "~>" => [new(">=", version), new("<", version.Next(Math.Max(0, version.Length - 2)))],
            "~" => [new(">=", version), new("<", version.Next(Math.Min(1, version.Length - 1)))],
            "^" => [new(">=", version), new("<", version.Next(FirstThatCounts(version)))],
            "" or "=" when isWildcard => [new(">=", version), new("<", version.Next(version.Length - 1))],
            "" or "=" => [new("=", version)],
            _ => [new(sign, version)],
        };

    private static int FirstThatCounts(VersionNumber version) =>
        Enumerable.Range(0, version.Length).FirstOrDefault(i => version.At(i) > 0, version.Length - 1);

    [GeneratedRegex(@"^(?<from>[^\s,]+)\s+-\s+(?<to>[^\s,]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Between();

    [GeneratedRegex(
        @"(?<sign>~>|>=|<=|!=|>|<|=|~|\^|)\s*(?<version>v?[0-9][0-9A-Za-z.*+-]*)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Part();

    [GeneratedRegex(@"(\.[xX*])+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Wildcard();
}
