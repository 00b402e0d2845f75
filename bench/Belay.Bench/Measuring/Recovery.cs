using System.Diagnostics;
using System.Text.Json;
using Belay.Bench.Contenders;
using Belay.Parts;

namespace Belay.Bench.Measuring;

/// <summary>Kills <c>belay run</c> half-way, and measures from the start of <c>belay resume</c> to its first new step.</summary>
internal sealed class Recovery(string belay, string folder)
{
    private const int Steps = 400;
    private const int KilledAfter = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Milliseconds, one number a round, sorted; and the greatest memory of the resuming process.</summary>
    public async Task<(IReadOnlyList<double> Milliseconds, long PeakMemoryKilobytes)> MeasureAsync(
        int rounds,
        CancellationToken ct
    )
    {
        var (times, peak) = (new List<double>(), 0L);
        for (var round = 0; round < rounds; round++)
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, $"recovery-{round}")).FullName;
            await WritePlanAsync(place);
            await RunAndKillAsync(place, ct);
            var resumed = TimeProvider.System.GetUtcNow();
            using var process = Start(place, "resume");
            peak = Math.Max(peak, await ProcessMemory.WatchAsync(process, ct));
            if (process.ExitCode != 0)
                throw new ContenderException($"belay resume ended with {process.ExitCode}, see {place}");
            times.Add((FirstNewStep(place) - resumed).TotalMilliseconds);
            Directory.Delete(place, recursive: true);
        }
        return ([.. times.Order()], peak);
    }

    private static async Task WritePlanAsync(string place)
    {
        Directory.CreateDirectory(Path.Combine(place, "out"));
        string[] head = ["belay: 1", "upgrade: bench", "from: 1.0.0", "to: 2.0.0", "steps:"];
        var steps = Enumerable
            .Range(0, Steps)
            .Select(number =>
                $"  - {{ id: step-{number}, do: files.write, with: {{ path: out/{number}, content: \"{number}\" }} }}"
            );
        await File.WriteAllLinesAsync(Path.Combine(place, "plan.yaml"), head.Concat(steps));
    }

    private async Task RunAndKillAsync(string place, CancellationToken ct)
    {
        using var process = Start(place, "run", "plan.yaml");
        var far = Path.Combine(place, "out", $"{KilledAfter}");
        await Poll.UntilAsync(() => ValueTask.FromResult(process.HasExited || File.Exists(far)), Patience, ct);
        if (process.HasExited)
            throw new ContenderException($"belay run ended with {process.ExitCode} before it was killed, see {place}");
        process.Kill();
        await process.WaitForExitAsync(ct);
    }

    private Process Start(string place, params IEnumerable<string> arguments) =>
        Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "exec >>output 2>&1 </dev/null \"$@\"", "sh", belay, .. arguments])
            {
                WorkingDirectory = place,
            }
        )!;

    /// <summary>When the first step was begun that had not been begun before the resume, as the journal has it.</summary>
    private static DateTimeOffset FirstNewStep(string place)
    {
        var journal = Directory.EnumerateFiles(Path.Combine(place, ".belay", "runs"), "journal.jsonl", Deep).Single();
        var (begun, isResumed) = (new HashSet<string>(StringComparer.Ordinal), false);
        foreach (var line in File.ReadLines(journal))
        {
            using var json = JsonDocument.Parse(line);
            var kind = json.RootElement.GetProperty("kind").GetString();
            isResumed |= kind == "run-resumed";
            if (kind == "intent" && begun.Add(json.RootElement.GetProperty("step").GetString()!) && isResumed)
                return json.RootElement.GetProperty("at").GetDateTimeOffset();
        }
        throw new ContenderException("the resumed run began no new step");
    }

    private static EnumerationOptions Deep { get; } =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
}
