using System.Diagnostics;
using System.Globalization;
using Belay.Engine.Ports;
using Belay.Stores.Files;
using JournalKit;

namespace Belay.Stores.Tests.Files;

/// <summary>This test program, started once more as a real second process on the same store.</summary>
public sealed class SecondProcess : IAsyncDisposable
{
    public const string Option = "--second-process";

    private readonly Process process;

    private SecondProcess(Process process) => this.process = process;

    /// <summary>Starts it in a role: <c>hold</c>, <c>take-and-give-back</c>, <c>append</c> or <c>commit-together</c>.</summary>
    public static SecondProcess Start(string role, FilesUnderTest store)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Belay.Stores.Tests");
        var start = new ProcessStartInfo(program, [Option, role, store.Folder, store.Keys])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        return new SecondProcess(Process.Start(start)!);
    }

    /// <summary>The next line that it prints; null when it has ended.</summary>
    public async Task<string?> SayAsync(CancellationToken ct) => await process.StandardOutput.ReadLineAsync(ct);

    /// <summary>Ends it with SIGKILL, and returns what it had printed until then.</summary>
    public async Task<IReadOnlyList<string>> KillAsync(CancellationToken ct)
    {
        process.Kill();
        var said = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await KillAsync(CancellationToken.None);
        process.Dispose();
    }

    /// <summary>What it does.</summary>
    public static async Task<int> MainAsync(string role, string[] places)
    {
        var store = new FileStore(places[0], places[1], TimeProvider.System);
        switch (role)
        {
            case "hold":
                Console.WriteLine((await TakeAsync(store)).Fence);
                await Console.In.ReadToEndAsync();
                return 0;
            case "take-and-give-back":
                while (true)
                {
                    await using var lease = await TakeAsync(store);
                    Console.WriteLine(lease.Fence);
                }
            case "commit-together":
                Console.WriteLine(await CommitTogetherAsync(store));
                return 0;
            case "append":
                await AppendAsync(store);
                return 0;
            default:
                return 64;
        }
    }

    // Prints the sequence number of each event whose commit has ended; every third event is left without a commit of its own.
    private static async Task AppendAsync(FileStore store)
    {
        var lease = await TakeAsync(store);
        var runs = await store.Journals.ListAsync(null, CancellationToken.None);
        var journal =
            runs.Count == 0
                ? await store.Journals.CreateAsync("run-1", lease, Sample.Start("run-1"), CancellationToken.None)
                : await store.Journals.OpenAsync("run-1", lease, CancellationToken.None);
        for (var i = journal.History.Count; ; i++)
        {
            var entry = journal.Append(Sample.Event(i));
            if (i % 3 == 0)
                continue;
            await journal.CommitAsync();
            Console.WriteLine(entry.Sequence);
        }
    }

    // How many times the process called write while a thousand steps committed twice each, all at the same time.
    private static async Task<long> CommitTogetherAsync(FileStore store)
    {
        var start = Sample.Start("run-1");
        await using var journal = await store.Journals.CreateAsync("run-1", await TakeAsync(store), start, default);
        var before = Writes();
        await Task.WhenAll(
            Enumerable
                .Range(0, 1000)
                .Select(async i =>
                {
                    journal.Append(Sample.Event(i));
                    await journal.CommitAsync();
                    journal.Append(Sample.Event(i));
                    await journal.CommitAsync();
                })
        );
        return Writes() - before;
    }

    // proc(5), /proc/pid/io: syscw.
    private static long Writes() =>
        long.Parse(
            File.ReadLines("/proc/self/io")
                .Single(line => line.StartsWith("syscw: ", StringComparison.Ordinal))
                .AsSpan(7),
            CultureInfo.InvariantCulture
        );

    private static async Task<ILease> TakeAsync(FileStore store) =>
        await store.Leases.TryTakeAsync(Sample.Environment, "berta@second", run: null, CancellationToken.None)
            is LeaseAttempt.Taken taken
            ? taken.Lease
            : throw new InvalidOperationException("the lease is held");
}
