using System.Diagnostics;

namespace Belay.Cli.Tests;

/// <summary>The plan of <c>examples/release-folder</c> with the real <c>belay</c> and the real OpenTofu or Terraform.</summary>
public sealed class ReleaseFolderTests : IDisposable
{
    private readonly Desk desk = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string? Tool { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .SelectMany(folder => (string[])[Path.Combine(folder, "tofu"), Path.Combine(folder, "terraform")])
            .FirstOrDefault(File.Exists);

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Forward_the_new_folder_has_the_state_and_what_is_new_stands_beside_what_was_there()
    {
        await PrepareAsync();

        var ended = await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        AssertUpgraded();
    }

    [Fact]
    public async Task Back_the_previous_folder_has_the_state_again_and_nothing_is_orphaned()
    {
        await PrepareAsync();
        // A check that cannot hold: the release needs more than this machine has.
        desk.Write(
            "upgrade.yaml",
            desk.Read("upgrade.yaml")
                + "\n  - check: opentofu.version\n    with: { directory: current, at-least: 99.0.0 }\n"
        );
        Assert.Equal(4, (await desk.BelayAsync("run", "upgrade.yaml", "--run", "one")).ExitCode);

        var ended = await desk.BelayAsync("rollback", "one");

        Assert.True(ended.ExitCode == 6, ended.ToString());
        Assert.Equal(["network", "redis"], await ResourcesAsync("previous"));
        Assert.False(desk.Has("current/terraform.tfstate"));
        Assert.True(desk.Has("current/09-redis.tf.4.1"));
        Assert.Equal(Original("current/terraform.tfvars"), desk.Read("current/terraform.tfvars"));
    }

    [Fact]
    public async Task Killed_while_the_tool_works_it_lets_the_tool_finish_and_makes_nothing_twice()
    {
        await PrepareAsync();
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one");
        await Desk.UntilAsync(() => desk.Has("current/world.log"));
        await Desk.KillAsync(run);

        var ended = await desk.BelayAsync("resume", "one");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        AssertUpgraded();
    }

    private void AssertUpgraded()
    {
        Assert.Equal("valkey\n", desk.Read("current/world.log"));
        Assert.Contains("\"valkey.internal:6379\"", desk.Read("current/terraform.tfstate"), StringComparison.Ordinal);
        Assert.Contains("redis large", desk.Read("current/terraform.tfstate"), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.EnumerateFiles(desk.PathOf("backups"), "*.tfstate"));
    }

    private async Task PrepareAsync()
    {
        Assert.SkipUnless(
            Tool is not null,
            "the example of a release folder: there is neither tofu nor terraform on this machine"
        );
        foreach (var file in Directory.EnumerateFiles(Example, "*", SearchOption.AllDirectories))
            desk.Write(Path.GetRelativePath(Example, file), await File.ReadAllTextAsync(file, Ct));
        await ToolAsync("previous", "init", "-input=false");
        await ToolAsync("previous", "apply", "-auto-approve", "-input=false");
    }

    private async Task<string[]> ResourcesAsync(string folder) =>
        [
            .. (await ToolAsync(folder, "state", "list"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(address => address.Split('.')[^1]),
        ];

    private async Task<string> ToolAsync(string folder, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Tool!, arguments)
            {
                WorkingDirectory = desk.PathOf(folder),
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var said = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        Assert.True(process.ExitCode == 0, said);
        return said;
    }

    private static string Original(string file) => File.ReadAllText(Path.Combine(Example, file));

    private static string Example
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Belay.slnx")))
                folder = folder.Parent;
            return Path.Combine(folder.FullName, "examples", "release-folder");
        }
    }
}
