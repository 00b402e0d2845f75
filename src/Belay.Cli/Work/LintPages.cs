using Belay.Domain.Lint;

namespace Belay.Cli.Work;

/// <summary>The guide's pages about the codes of lint, which travel inside the program.</summary>
internal static class LintPages
{
    /// <summary>The page of a code: Markdown, as it stands in the guide.</summary>
    /// <exception cref="Refusal">There is no such code.</exception>
    public static string Of(string code)
    {
        if (!LintCodes.All.Contains(code))
            throw new Refusal(
                ExitCode.BadUsage,
                $"there is no code '{code}'{(new Planning.NearestName().Hint(code, LintCodes.All, "codes") is { } hint ? $"; {hint}" : "")}"
            );
        using var page = new StreamReader(typeof(LintPages).Assembly.GetManifestResourceStream($"lint/{code}")!);
        return page.ReadToEnd();
    }

    /// <summary>What a code means, in a sentence or two: the page's first paragraph.</summary>
    public static string GistOf(string code) =>
        string.Join(' ', Of(code).Split("\n\n")[1].Split('\n', StringSplitOptions.TrimEntries));
}
