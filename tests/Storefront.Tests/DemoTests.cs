using System.Diagnostics;
using Storefront.Demo;

namespace Storefront.Tests;

/// <summary>The program behind <c>./quickstart</c>, around a Belay that does nothing or waits.</summary>
public sealed class DemoTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--fail")]
    [InlineData("--fail", "everything")]
    [InlineData("--fial", "roll")]
    [InlineData("--folder")]
    public void Words_that_make_no_sense_are_refused(params string[] words) => Assert.Null(DemoOptions.Parse(words));

    [Fact]
    public void Each_place_to_fail_has_its_name()
    {
        Assert.Equal(Fault.Migrate, DemoOptions.Parse(["--fail", "migrate"])!.Fault);
        Assert.Equal(Fault.Roll, DemoOptions.Parse(["--kill", "--fail", "roll", "--keep"])!.Fault);
        Assert.Equal(Fault.Cache, DemoOptions.Parse(["--fail", "cache", "--folder", "x"])!.Fault);
        Assert.Equal(Fault.Verify, DemoOptions.Parse(["--fail", "verify"])!.Fault);
    }

    [Fact]
    public async Task An_upgrade_that_changed_nothing_is_not_called_a_success_and_nothing_is_left_running()
    {
        var folder = Directory.CreateTempSubdirectory("belay-demo-test-").FullName;
        using var demo = DemoProcess.Start(folder, "/bin/true");
        var output = await demo.StandardOutput.ReadToEndAsync(Ct);
        await demo.WaitForExitAsync(Ct);

        Assert.Equal(1, demo.ExitCode);
        Assert.Contains("sessions lost          0 of 20000", output, StringComparison.Ordinal);
        Assert.Contains("this is NOT as it should be: release 4.2.0", output, StringComparison.Ordinal);
        Assert.Empty(DemoProcess.AllIn(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Ctrl_C_ends_everything_that_was_started()
    {
        var folder = Directory.CreateTempSubdirectory("belay-demo-test-").FullName;
        using var demo = DemoProcess.Start(folder, "/bin/true", "--keep");
        while (await demo.StandardOutput.ReadLineAsync(Ct) is { } line && !line.Contains("until Ctrl-C")) { }
        Assert.NotEmpty(DemoProcess.AllIn(folder));

        using var interrupt = Process.Start("kill", ["-INT", $"{demo.Id}"]);
        await demo.WaitForExitAsync(Ct);

        Assert.Empty(DemoProcess.AllIn(folder));
        Directory.Delete(folder, recursive: true);
    }
}
