using System.Text;
using Belay.Domain.Boundaries;
using Belay.Domain.Lint;

namespace Belay.Planning.Tests;

public sealed class LargePlanTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("belay-planning-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_plan_of_ten_thousand_steps_is_read_linted_and_drawn_whole()
    {
        var catalog = FakeCatalog.Make();

        var loaded = Assert.IsType<LoadResult.Loaded>(
            PlanLoader.Load(Write(10_000), "default", new Dictionary<string, string>(), catalog, _ => null)
        );

        Assert.Equal(10_000, loaded.Plan.AllItems().Count());
        // Nothing proves that the servers serve: said once for each.
        Assert.Equal(5_000, Linter.Lint(loaded.Plan, catalog).Count(finding => finding.Code == "route-unproven"));
        Assert.Equal(5_000, Boundary.Draw(loaded.Plan, catalog).Length);
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
