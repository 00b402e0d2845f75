using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Belay.Bench.Contenders;
using Belay.Bench.Measuring;

namespace Belay.Bench.Ours;

/// <summary>Belay as a contender: speaks the protocol of <c>peers/worker.mjs</c>.</summary>
internal static class Worker
{
    private static readonly Dictionary<string, Func<string, int, Task<Answer>>> Shapes = new(StringComparer.Ordinal)
    {
        [Shape.Sequential] = EngineWork.SequentialAsync,
        [Shape.Parallel] = EngineWork.ParallelAsync,
        [Shape.BareSequential] = BareWork.SequentialAsync,
        [Shape.BareParallel] = BareWork.ParallelAsync,
        [Shape.Read] = PlanWork.ReadAsync,
        [Shape.Lint] = PlanWork.LintAsync,
    };

    /// <summary>Answers until standard input ends.</summary>
    public static async Task ServeAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        Write(new Ready { Pids = [Environment.ProcessId] }, ProtocolJson.Default.Ready);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var (shape, steps) = (line.Split(' ')[0], int.Parse(line.Split(' ')[1]));
            Write(await AnswerAsync(folder, shape, steps), ProtocolJson.Default.Answer);
        }
    }

    private static async Task<Answer> AnswerAsync(string folder, string shape, int steps)
    {
        // What earlier rounds left behind is not this round's to clear away.
        GC.Collect();
        try
        {
            var answer = await Shapes[shape](folder, steps);
            return answer with { PeakMemoryKilobytes = ProcessMemory.Peak(Environment.ProcessId) };
        }
        catch (Exception e)
        {
            return new Answer { Error = e.ToString() };
        }
    }

    private static void Write<T>(T value, JsonTypeInfo<T> type) =>
        Console.Out.WriteLine(JsonSerializer.Serialize(value, type));
}
