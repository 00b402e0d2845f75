using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Commands;

/// <summary>Versions of a tool that a release can live with. Pure.</summary>
/// <param name="AtLeast">The least version, such as <c>1.10.4</c>.</param>
/// <param name="Below">The first version that is too new; null: none is.</param>
internal sealed record VersionBounds(string AtLeast, string? Below)
{
    /// <summary>What is wrong with the bounds themselves.</summary>
    public IEnumerable<InputProblem> Problems() =>
        [.. Problem("at-least", AtLeast), .. Below is null ? [] : Problem("below", Below)];

    /// <summary>Whether a version lies inside.</summary>
    /// <param name="tool">The tool's name, for people.</param>
    /// <param name="version">Its version, as it says it.</param>
    public Verdict Judge(string tool, string version)
    {
        // A version of its developers (1.11.0-beta1) comes before the one that it is named after.
        var isEarly = version.Contains('-', StringComparison.Ordinal);
        if (Parsed(version.Split('-')[0]) is not { } found)
            return new Verdict.Broken($"{tool} {version}: this is no version that can be compared");
        if (found < Parsed(AtLeast) || (isEarly && found == Parsed(AtLeast)))
            return new Verdict.Broken($"{tool} {version} is older than {AtLeast}");
        return Below is not null && found >= Parsed(Below)
            ? new Verdict.Broken($"{tool} {version} is {Below} or newer")
            : Verdict.Ok;
    }

    private static IEnumerable<InputProblem> Problem(string member, string version) =>
        Parsed(version) is null ? [new InputProblem(member, $"{version} is no version: write one such as 1.10.4")] : [];

    // 1.10 and 1.10.0 are one version; System.Version tells them apart.
    private static Version? Parsed(string version) =>
        Version.TryParse(version, out var parsed)
            ? new Version(parsed.Major, parsed.Minor, Math.Max(0, parsed.Build), Math.Max(0, parsed.Revision))
            : null;
}
