using System.Diagnostics;
using Belay.Formats;
using Belay.Releases.Merging;

namespace Belay.Releases.Tests.Merging;

/// <summary>Other ways to bring an operator's values and a new template together, run on a case.</summary>
internal sealed class MergeTools : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("belay-merge-tools-");

    /// <summary>The program; null: it is not on this machine. <c>BELAY_HELM</c> names one that is not on the path.</summary>
    public static string? Helm { get; } = Environment.GetEnvironmentVariable("BELAY_HELM") ?? OnPath("helm");

    /// <inheritdoc cref="Helm"/>
    public static string? Git { get; } = OnPath("git");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>What Belay gives, in the words of the table.</summary>
    public static string Belay(MergeCase tried) => tried.Conflicts.Any() ? "asks" : "exact";

    /// <summary><c>git merge-file mine old new</c>.</summary>
    public static string MergeFile(MergeCase tried)
    {
        var merged = Run(Git!, "merge-file", "-p", tried.PathOf("mine"), tried.PathOf("old"), tried.PathOf("new"));
        return merged.ExitCode != 0
            ? tried.Conflicts.Any()
                ? "asks"
                : tried.Orders.Any(order => order[0] == "decide")
                    ? "asks again"
                    : "asks needlessly"
            : tried.Conflicts.Any()
                ? "chooses silently"
                : merged.Output == tried.Text("expected")
                    ? "exact"
                    : Meaning(tried, merged.Output) is not { } meaning
                        ? "broken file"
                        : meaning == Meaning(tried, tried.Text("expected"))
                            ? "right values"
                            : "wrong values";
    }

    /// <summary>The values that a release has after <c>helm upgrade --reuse-values</c>: those of the old chart and of the operator; the new chart's are not looked at.</summary>
    public string ReuseValues(MergeCase tried) => ByHelm(tried, "old");

    /// <summary>The values after <c>helm upgrade --reset-then-reuse-values</c>: those of the new chart, and over them the operator's.</summary>
    public string ResetThenReuse(MergeCase tried) => ByHelm(tried, "new");

    // The cluster only keeps the values; which ones a release gets is helm's own merge of chart and values, and that is run.
    private string ByHelm(MergeCase tried, string defaults)
    {
        if (tried.Extension != ".yaml")
            return "no YAML";
        var got = Values(tried.Text(defaults), tried.Text("mine"));
        if (tried.Conflicts.Any())
            return "chooses silently";
        var wanted = Values("", tried.Text("expected"));
        return got == wanted ? "right values"
            : Lacks(got, wanted) ? "loses new keys"
            : "wrong values";
    }

    private string Values(string chart, string mine)
    {
        var place = Path.Combine(folder.FullName, "chart");
        Directory.CreateDirectory(Path.Combine(place, "templates"));
        File.WriteAllText(Path.Combine(place, "Chart.yaml"), "apiVersion: v2\nname: tried\nversion: 1.0.0\n");
        File.WriteAllText(Path.Combine(place, "values.yaml"), chart);
        File.WriteAllText(
            Path.Combine(place, "templates/all.yaml"),
            "kind: ConfigMap\nvalues: {{ .Values | toJson }}\n"
        );
        File.WriteAllText(Path.Combine(folder.FullName, "mine.yaml"), mine);
        var shown = Run(Helm!, "template", "tried", place, "-f", Path.Combine(folder.FullName, "mine.yaml"));
        return shown.Output.Split('\n').FirstOrDefault(line => line.StartsWith("values: ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException(shown.ToString());
    }

    private static bool Lacks(string got, string wanted)
    {
        var there = Keys(got);
        return Keys(wanted).Exists(key => !there.Contains(key));
    }

    private static List<string> Keys(string values) =>
        [
            .. Leaves
                .Of(TemplateFormat.Json.Read(values["values: ".Length..]), KeyPath.Root)
                .Select(l => l.Key.ToString()),
        ];

    private static string? Meaning(MergeCase tried, string text)
    {
        try
        {
            return TemplateFormats.OfName(tried.PathOf("mine"))!.Value.Read(text).Meaning;
        }
        catch (ValueFormatException)
        {
            return null;
        }
    }

    private sealed record Ended(int ExitCode, string Output, string Error);

    private static Ended Run(string program, params string[] words)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, words)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Ended(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(place => Path.Combine(place, program))
            .FirstOrDefault(File.Exists);
}
