using System.Collections.Immutable;
using System.Text.Json;
using Belay.Bench.Contenders;
using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine;
using Belay.Engine.Ports;
using Belay.Stores.Files;

namespace Belay.Bench.Ours;

/// <summary>Runs plans of no-op steps with the real engine on the real file store.</summary>
internal static class EngineWork
{
    /// <summary>The steps one after the other.</summary>
    public static Task<Answer> SequentialAsync(string folder, int steps) => RunAsync(folder, Steps(steps));

    /// <summary>The steps all at once.</summary>
    public static Task<Answer> ParallelAsync(string folder, int steps) =>
        RunAsync(
            folder,
            [
                new ParallelItem
                {
                    Id = "all",
                    Title = "all",
                    Steps = Steps(steps),
                },
            ]
        );

    private static ImmutableArray<Item> Steps(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(number => new DoItem
                {
                    Id = $"step-{number}",
                    Title = $"step {number}",
                    Operation = Noop.Name,
                    With = JsonElement.Parse($$"""{"number":"{{number}}"}"""),
                }),
        ];

    private static async Task<Answer> RunAsync(string folder, ImmutableArray<Item> steps)
    {
        var run = $"run-{Guid.NewGuid():N}";
        var store = new FileStore(Path.Combine(folder, run), Path.Combine(folder, "keys"), TimeProvider.System);
        var order = new StartOrder
        {
            Run = run,
            Plan = new Plan
            {
                Upgrade = "bench",
                From = "1",
                To = "2",
                Environment = BareEnvironment.Only.Name,
                Steps = steps,
            },
            PlanFile = Path.Combine(folder, "plan.yaml"),
            By = "bench",
        };
        var engine = new RunEngine(PartsOn(store));
        var begun = TimeProvider.System.GetTimestamp();
        var outcome = await engine.StartAsync(order, CancellationToken.None);
        var took = TimeProvider.System.GetElapsedTime(begun);
        if (outcome.Reading.Status != RunStatus.Done)
            throw new InvalidOperationException(
                $"the run ended as {outcome.Reading.Status}: {outcome.Problem ?? outcome.Reading.Halt?.Why}"
            );
        var journal = new FileInfo(Path.Combine(folder, run, "runs", run, "journal.jsonl"));
        var answer = new Answer { Milliseconds = took.TotalMilliseconds, JournalBytes = journal.Length };
        Directory.Delete(Path.Combine(folder, run), recursive: true);
        return answer;
    }

    private static EngineParts PartsOn(FileStore store) =>
        new()
        {
            Catalog = Noop.NewCatalog(),
            Journals = store.Journals,
            Leases = store.Leases,
            Requests = store.Requests,
            Sealed = store.SealedValues,
            Identities = store.Identities,
            Children = new NoChildren(),
            Watchdogs = new NoWatchdogs(),
            Environment = BareEnvironment.Only,
            MayAct = (_, _) => true,
            WorkingFolder = store.WorkingFolder,
            Clock = TimeProvider.System,
            Version = "0.0.0",
            Host = "bench",
        };

    /// <summary>The plans of the bench freeze nothing.</summary>
    private sealed class NoWatchdogs : IWatchdogs
    {
        public Task ArmAsync(string run, string step, TimeSpan within, CancellationToken ct) =>
            throw new NotSupportedException();
    }

    private sealed class BareEnvironment : ILiveEnvironment
    {
        public static BareEnvironment Only { get; } = new();

        public string Name => "default";

        public IReadOnlyCollection<string> Revealed => [];

        public T Connection<T>(string name)
            where T : class => throw OperationException.Refused("no connections here");

        public string Secret(string name) => throw OperationException.Refused("no secrets here");
    }

    private sealed class NoChildren : IChildProcesses
    {
        public ICommandRunner For(string run, string step, string folder, IChildObserver observer) =>
            throw OperationException.Refused("no commands here");

        public ValueTask<IReadOnlyList<MarkedChild>> FindAsync(string run, CancellationToken ct) =>
            ValueTask.FromResult<IReadOnlyList<MarkedChild>>([]);

        public ValueTask<bool> EndsByItselfAsync(ProcessIdentity child, TimeSpan limit, CancellationToken ct) =>
            ValueTask.FromResult(true);

        public ValueTask EndAsync(ProcessIdentity child, TimeSpan grace, CancellationToken ct) =>
            ValueTask.CompletedTask;
    }
}
