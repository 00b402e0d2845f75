namespace Belay.Cli.Tests;

/// <summary><c>belay release check</c>: the part that it writes is used by a plan, and holds only when the release can begin.</summary>
public sealed class ReleaseCheckTests : IDisposable
{
    private readonly Desk desk = new();

    public ReleaseCheckTests()
    {
        desk.Write("r2/chart/values.yaml", "image: registry.example.com/shop:2.0\ncache: < REPLACE_VALUE_CACHE >\n");
        desk.Write("r2/.env.example", "QUEUE_URL=\nLOG=info\n");
        desk.Write("mine.yaml", "cache: < REPLACE_VALUE_CACHE >\n");
        desk.Write("app.env", "LOG=debug\n");
        desk.Write("upgrade.yaml", "belay: 1\nupgrade: shop\nfrom: 1.0\nto: 2.0\nsteps:\n  - use: preflight.yaml\n");
    }

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_plan_that_uses_it_begins_only_when_placeholders_are_gone_and_variables_are_there()
    {
        var written = await desk.BelayAsync(
            "release",
            "check",
            "r2",
            "--mine",
            "mine.yaml",
            "--env-file",
            "app.env",
            "--part",
            "preflight.yaml"
        );
        Assert.True(written.ExitCode == 0, written.ToString());
        Assert.Contains("not checked: 1 images: no registry was named", written.Output, StringComparison.Ordinal);

        Assert.Equal(3, (await desk.BelayAsync("run", "upgrade.yaml")).ExitCode);
        desk.Write("mine.yaml", "cache: redis-b\n");
        Assert.Equal(3, (await desk.BelayAsync("run", "upgrade.yaml")).ExitCode);
        desk.Write("app.env", "LOG=debug\nQUEUE_URL=amqp://b\n");
        var begun = await desk.BelayAsync("run", "upgrade.yaml");
        Assert.True(begun.ExitCode == 0, begun.ToString());
    }

    [Fact]
    public async Task Images_are_looked_up_in_the_registry_that_is_named()
    {
        desk.Write(
            "environments/live.yaml",
            "connections:\n  images: { kind: oci, url: \"https://registry.example.com\" }\n"
        );
        await desk.BelayAsync("release", "check", "r2", "--registry", "images", "--part", "preflight.yaml");

        Assert.Contains(
            "images: [\"registry.example.com/shop:2.0\"]",
            desk.Read("preflight.yaml"),
            StringComparison.Ordinal
        );
        var lint = await desk.BelayAsync("lint", "upgrade.yaml", "--env", "live");
        Assert.True(lint.ExitCode == 0, lint.ToString());
    }
}
