using System.Collections.Immutable;

namespace Storefront.Demo;

/// <summary>Upgrades a live shop, or breaks it on purpose and takes it back, and proves what the customers saw.</summary>
internal sealed class Demonstration(DemoOptions options, string folder)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly ImmutableArray<TimeSpan> KillAfter =
    [
        TimeSpan.FromSeconds(4),
        TimeSpan.FromSeconds(7),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(9),
    ];

    /// <returns>Whether all went as it should.</returns>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        Console.WriteLine($"bringing up the shop in {folder}");
        await using var system = await LiveSystem.StartAsync(Faults.Prepare(options.Fault, folder), ct);
        await Faults.BreakAsync(options.Fault, folder, ct);
        var customers = await system.StartCustomersAsync(ct);
        Console.WriteLine($"customers use {system.ShopUrl}");
        await Task.Delay(WarmUp, TimeProvider.System, ct);

        var belay = new BelayCommand(options.Belay, system);
        var asExpected = options.Fault is Fault.None ? await UpgradeAsync(belay, ct) : await GoBackAsync(belay, ct);
        var proof = await Proof.TakeAsync(system, customers, ct);
        Console.WriteLine(proof.ToText());
        // The plan's boundary, and the report, which holds the customers' numbers as the plan's own checks read them.
        await belay.RunAsync(["lint", "upgrade.yaml"], ct);
        await belay.RunAsync(["report"], ct);

        if (options.Keep)
            await KeepAsync(system, ct);
        return asExpected && AsPromised(proof);
    }

    private bool AsPromised(Proof proof)
    {
        var release = options.Fault is Fault.None ? "4.2.0" : "4.1.0";
        if (proof.NothingLost && proof.Release == release)
            return true;
        Console.WriteLine($"this is NOT as it should be: release {release}, nothing failed and nothing lost");
        return false;
    }

    private async Task<bool> UpgradeAsync(BelayCommand belay, CancellationToken ct)
    {
        string[] words = ["run", "upgrade.yaml", "--non-interactive"];
        if (options.Kill)
        {
            foreach (var after in KillAfter)
            {
                if (await belay.RunAndKillAsync(words, after, ct) is { } early)
                    return IsDone(early);
                Console.WriteLine($"killed Belay with SIGKILL after {after.TotalSeconds} s");
                words = ["resume", "--non-interactive"];
            }
        }
        return IsDone(await belay.RunAsync(words, ct));
    }

    private static bool IsDone(int exitCode)
    {
        if (exitCode != ExitCode.Done)
            Console.WriteLine($"this is NOT as it should be: belay ended with {exitCode}");
        return exitCode == ExitCode.Done;
    }

    private static async Task<bool> GoBackAsync(BelayCommand belay, CancellationToken ct)
    {
        var halted = await belay.RunAsync(["run", "upgrade.yaml", "--non-interactive"], ct);
        await belay.RunAsync(["status"], ct);
        var back = await belay.RunAsync(["rollback", "--non-interactive"], ct);
        if (halted == ExitCode.Halted && back == ExitCode.RolledBack)
            return true;
        Console.WriteLine($"this is NOT as it should be: run ended with {halted}, rollback with {back}");
        return false;
    }

    private static async Task KeepAsync(LiveSystem system, CancellationToken ct)
    {
        Console.WriteLine($"\neverything goes on running at {system.ShopUrl} until Ctrl-C");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }
        catch (OperationCanceledException)
        {
            // What was waited for.
        }
    }
}
