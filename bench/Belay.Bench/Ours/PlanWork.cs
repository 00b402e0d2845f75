using Belay.Bench.Contenders;
using Belay.Domain.Lint;
using Belay.Planning;

namespace Belay.Bench.Ours;

/// <summary>Reads and lints a plan file of no-op steps.</summary>
internal static class PlanWork
{
    /// <summary>From the file to the tree.</summary>
    public static async Task<Answer> ReadAsync(string folder, int steps)
    {
        var path = await WriteAsync(folder, steps);
        var begun = TimeProvider.System.GetTimestamp();
        Load(path);
        return new Answer { Milliseconds = TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds };
    }

    /// <summary>From the tree to the findings.</summary>
    public static async Task<Answer> LintAsync(string folder, int steps)
    {
        var plan = Load(await WriteAsync(folder, steps)).Plan;
        var catalog = Noop.NewCatalog();
        var begun = TimeProvider.System.GetTimestamp();
        var findings = Linter.Lint(plan, catalog);
        var took = TimeProvider.System.GetElapsedTime(begun);
        return findings.IsEmpty
            ? new Answer { Milliseconds = took.TotalMilliseconds }
            : throw new InvalidOperationException($"lint finds fault with the plan: {findings[0]}");
    }

    private static LoadResult.Loaded Load(string path) =>
        PlanLoader.Load(path, "default", new Dictionary<string, string>(), Noop.NewCatalog()) switch
        {
            LoadResult.Loaded loaded => loaded,
            LoadResult.Refused refused => throw new InvalidOperationException($"{refused.Diagnostics[0]}"),
            _ => throw new InvalidOperationException("a result of no known kind"),
        };

    private static async Task<string> WriteAsync(string folder, int steps)
    {
        var path = Path.Combine(folder, $"plan-{steps}.yaml");
        string[] head = ["belay: 1", "upgrade: bench", "from: 1.0.0", "to: 2.0.0", "steps:"];
        await File.WriteAllLinesAsync(
            path,
            head.Concat(
                Enumerable
                    .Range(0, steps)
                    .Select(number => $"  - {{ id: step-{number}, do: {Noop.Name}, with: {{ number: \"{number}\" }} }}")
            )
        );
        return path;
    }
}
