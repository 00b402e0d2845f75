using System.Text.RegularExpressions;
using Belay.Cli.Verbs;
using Belay.Domain.Contract;
using Belay.Releases.Comparing;
using Belay.Releases.Reading;

namespace Belay.Cli.Work;

/// <summary>Reads and compares release folders.</summary>
internal static partial class ReleaseFolders
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How each tool says its version: the first number with dots that it prints.</summary>
    private static readonly Dictionary<string, string[][]> Questions = new(StringComparer.Ordinal)
    {
        ["terraform"] =
        [
            ["terraform", "version"],
            ["tofu", "version"],
        ],
        ["node"] =
        [
            ["node", "--version"],
        ],
        ["npm"] =
        [
            ["npm", "--version"],
        ],
        ["yarn"] =
        [
            ["yarn", "--version"],
        ],
        ["pnpm"] =
        [
            ["pnpm", "--version"],
        ],
    };

    /// <summary>What the new release means, held against the tools that are installed here.</summary>
    /// <exception cref="Refusal">A folder is no release, or holds broken files.</exception>
    public static async Task<ReleaseDiff> CompareAsync(
        this Workplace place,
        string old,
        string now,
        CancellationToken ct
    )
    {
        var before = ReleaseVerb.Reading(() => ReleaseReader.Read(old));
        var after = ReleaseVerb.Reading(() => ReleaseReader.Read(now));
        var installed = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var tool in after.Tools.Select(tool => tool.Tool).Where(Questions.ContainsKey).Distinct())
            installed[tool] = await place.VersionAsync(Questions[tool], ct);
        return ReleaseComparison.Compare(before, after, installed);
    }

    private static async Task<string?> VersionAsync(this Workplace place, string[][] questions, CancellationToken ct)
    {
        foreach (var question in questions)
        {
            try
            {
                var asked = new Command
                {
                    Program = question[0],
                    Arguments = [.. question[1..]],
                    Folder = Environment.CurrentDirectory,
                    Limit = Patience,
                };
                var runner = place.Children.For("release", question[0], Environment.CurrentDirectory, new Nobody());
                var said = await runner.RunAsync(asked, output: null, ct);
                if (said.ExitCode == 0 && Version().Match(said.Output) is { Success: true } version)
                    return version.Value;
            }
            catch (OperationException)
            {
                // Not there, or it hangs: the next one is asked.
            }
        }
        return null;
    }

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)+(-[0-9A-Za-z.]+)?", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Version();
}
