using System.Diagnostics;
using System.Text;
using Belay.Domain.Boundaries;
using Belay.Domain.Lint;

namespace Belay.Planning.Tests;

public sealed class LargePlanTests(ITestOutputHelper output) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("belay-planning-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_cost_of_a_step_does_not_grow_with_the_plan()
    {
        var (small, large) = (Write(1_000), Write(10_000));
        _ = Measure(small);
        var few = Enumerable.Range(0, 3).Min(_ => Measure(small));
        var many = Enumerable.Range(0, 3).Min(_ => Measure(large));
        output.WriteLine($"1,000 steps {few.TotalMilliseconds:0} ms, 10,000 steps {many.TotalMilliseconds:0} ms");
        // Ten times the steps; twice that leaves room for a busy machine and none for a quadratic walk.
        Assert.True(many < 20 * few, $"{few} {many}");
    }

    private static TimeSpan Measure(string path)
    {
        var watch = Stopwatch.StartNew();
        var catalog = FakeCatalog.Make();
        var loaded = Assert.IsType<LoadResult.Loaded>(
            PlanLoader.Load(path, "default", new Dictionary<string, string>(), catalog, _ => null)
        );
        Assert.Empty(Linter.Lint(loaded.Plan, catalog));
        Assert.NotEmpty(Boundary.Draw(loaded.Plan, catalog));
        return watch.Elapsed;
    }

    private string Write(int steps)
    {
        var cases = Path.Combine(AppContext.BaseDirectory, "cases");
        Directory.CreateDirectory(Path.Combine(folder, "environments"));
        File.Copy(
            Path.Combine(cases, "environments", "default.yaml"),
            Path.Combine(folder, "environments", "default.yaml"),
            overwrite: true
        );
        var plan = new StringBuilder("belay: 1\nupgrade: shop\nfrom: 4.9\nto: 4.10\nsteps:\n");
        for (var i = 0; i < steps / 2; i++)
        {
            plan.Append(
                $"  - id: step-{i}\n    do: web.attach\n    with: {{ connection: edge, server: \"web{i}\" }}\n"
                    + $"  - check: http.get\n    with: {{ url: \"${{env.shop_url}}/${{steps.step-{i}.path}}\" }}\n"
            );
        }
        var path = Path.Combine(folder, $"{steps}.yaml");
        File.WriteAllText(path, plan.ToString());
        return path;
    }
}
