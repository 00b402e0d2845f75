using System.Runtime.CompilerServices;
using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Journal;
using Belay.Engine.Ports;

namespace Belay.Rehearsal.Simulation;

/// <summary>Journals, leases and requests in memory. It can die at a chosen write: what was not committed is gone, as after a power cut.</summary>
public sealed class MemoryStore(TimeProvider clock)
    : IJournalStore,
        ILeases,
        IRequests,
        ISealedValues,
        IWatchdogs,
        IIdentities
{
    private readonly Dictionary<string, List<JournalEntry>> durable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> sealedValues = new(StringComparer.Ordinal);
    private readonly List<(string Run, PendingRequest Pending)> requests = [];
    private readonly List<(string Step, DateTimeOffset Until)> armed = [];
    private EnvironmentIdentity known = EnvironmentIdentity.None;
    private readonly Dictionary<string, Stay> stays = new(StringComparer.Ordinal);
    private (long Fence, LeaseHolder Holder)? held;
    private long fence;
    private int requestsSoFar;
    private TaskCompletionSource requested = NewSignal();

    /// <summary>Whether each event is written as text and read back, so that a run sees exactly what a real store would give it. Default true; false is faster, and has no chain.</summary>
    public bool IsExact { get; init; } = true;

    /// <summary>The write (append or commit, counted from 1 over the store's life) at which the process dies; null: it lives.</summary>
    public long? DieAt { get; set; }

    /// <summary>The commit (counted from 1 over the store's life) before which the process dies; null: it lives.</summary>
    public long? DieAtCommit { get; set; }

    /// <summary>Commits that had something to write, so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Writes so far.</summary>
    public long Writes { get; private set; }

    /// <summary>The process has died: nothing it does reaches the store any more.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Called before each commit that has something to write.</summary>
    public Action? OnCommit { get; set; }

    /// <summary>Called once for each event that became durable.</summary>
    public Action<JournalEntry>? OnDurable { get; set; }

    /// <summary>Called for each event that was put at the end of a run's journal, durable or not yet.</summary>
    public Action<string, JournalEntry>? OnAppended { get; set; }

    /// <summary>Called for each request that somebody puts down.</summary>
    public Action<string, PendingRequest>? OnPut { get; set; }

    /// <summary>Called for each freeze for which a watchdog is armed: the step, and how long it may last from now.</summary>
    public Action<string, TimeSpan>? OnArmed { get; set; }

    /// <summary>The process dies here and now.</summary>
    public void Die() => IsDead = true;

    /// <summary>A store of its own that holds what this one holds durably; nobody holds its lease. What happens to one is not seen by the other.</summary>
    /// <param name="other">The clock of the new store.</param>
    public MemoryStore Fork(TimeProvider other)
    {
        var fork = new MemoryStore(other)
        {
            known = known,
            IsExact = IsExact,
            fence = fence,
            requestsSoFar = requestsSoFar,
            Commits = Commits,
            Writes = Writes,
        };
        foreach (var (run, entries) in durable)
            fork.durable.Add(run, [.. entries]);
        foreach (var (name, value) in sealedValues)
            fork.sealedValues.Add(name, value);
        fork.requests.AddRange(requests);
        return fork;
    }

    /// <summary>A new process starts on the same store.</summary>
    public void Revive()
    {
        (IsDead, DieAt, DieAtCommit) = (false, null, null);
        held = null;
        stays.Clear();
    }

    /// <summary>Somebody else takes the lease away.</summary>
    public void StealLease()
    {
        fence++;
        held = null;
    }

    /// <summary>The freezes for which a watchdog was armed, and until when.</summary>
    public IReadOnlyList<(string Step, DateTimeOffset Until)> Armed => armed;

    /// <summary>Why no watchdog can be armed; null: one can.</summary>
    public string? NoWatchdog { get; set; }

    /// <inheritdoc/>
    public Task ArmAsync(string run, string step, TimeSpan within, CancellationToken ct)
    {
        if (NoWatchdog is { } why)
            throw OperationException.Refused(why);
        armed.Add((step, clock.GetUtcNow() + within));
        OnArmed?.Invoke(step, within);
        return Task.CompletedTask;
    }

    /// <summary>What is durable of a run.</summary>
    public IReadOnlyList<JournalEntry> Journal(string run) => durable.GetValueOrDefault(run) ?? [];

    /// <inheritdoc/>
    public async Task<IJournal> CreateAsync(string run, ILease lease, RunStarted first, CancellationToken ct)
    {
        // A process that died while it made the journal leaves an empty one.
        if (!durable.TryAdd(run, []) && durable[run].Count > 0)
            throw new JournalException(JournalFault.Exists, $"run {run} exists");
        var journal = new MemoryJournal(this, run, lease);
        journal.Append(first);
        await journal.CommitAsync();
        return journal;
    }

    /// <inheritdoc/>
    public Task<IJournal> OpenAsync(string run, ILease lease, CancellationToken ct) =>
        Task.FromResult<IJournal>(new MemoryJournal(this, run, lease));

    /// <inheritdoc/>
    public Task<RunBeginning> BeginningAsync(string run, CancellationToken ct) =>
        durable.GetValueOrDefault(run) is [{ Event: RunStarted started }, ..]
            ? Task.FromResult(RunBeginning.Of(started))
            : throw new JournalException(JournalFault.Missing, $"there is no run {run}");

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalEntry> ReadAsync(string run, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (
            var entry in durable.GetValueOrDefault(run)
                ?? throw new JournalException(JournalFault.Missing, $"there is no run {run}")
        )
            yield return entry;
        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalEntry> FollowAsync(string run, CancellationToken ct) => ReadAsync(run, ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunName>> ListAsync(string? environment, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<RunName>>([
            .. durable
                .Where(run => run.Value.Count > 0)
                .Select(run => (run.Key, First: (RunStarted)run.Value[0].Event, run.Value[0].At))
                .Where(run => environment is null || run.First.Plan.Environment == environment)
                .OrderByDescending(run => run.At)
                .Select(run => new RunName(run.Key, run.First.Plan.Environment, run.At)),
        ]);

    /// <inheritdoc/>
    public Task<LeaseAttempt> TryTakeAsync(string environment, string holder, string? run, CancellationToken ct)
    {
        if (held is { } taken)
            return Task.FromResult<LeaseAttempt>(new LeaseAttempt.Held(taken.Holder));
        held = (++fence, new LeaseHolder(holder, clock.GetUtcNow()) { Run = run });
        return Task.FromResult<LeaseAttempt>(new LeaseAttempt.Taken(new Lease(this, environment, fence)));
    }

    /// <inheritdoc/>
    public Task<LeaseHolder?> HolderAsync(string environment, CancellationToken ct) => Task.FromResult(held?.Holder);

    /// <inheritdoc/>
    public Task<IStay?> TryStayAsync(string run, string who, CancellationToken ct)
    {
        var stay = new Stay(this, new LeaseHolder(who, clock.GetUtcNow()) { Run = run });
        return Task.FromResult<IStay?>(stays.TryAdd(run, stay) ? stay : null);
    }

    /// <inheritdoc/>
    public Task<LeaseHolder?> StayingAsync(string run, CancellationToken ct) =>
        Task.FromResult(stays.GetValueOrDefault(run)?.Holder);

    /// <inheritdoc/>
    public Task PutAsync(string run, RunRequest request, CancellationToken ct)
    {
        var pending = new PendingRequest($"{++requestsSoFar}", request);
        requests.Add((run, pending));
        OnPut?.Invoke(run, pending);
        var waiting = requested;
        requested = NewSignal();
        waiting.SetResult();
        return Task.CompletedTask;
    }

    /// <summary>The requests of a run that wait now.</summary>
    public IReadOnlyList<PendingRequest> Waiting(string run) =>
        [.. requests.Where(request => request.Run == run).Select(request => request.Pending)];

    /// <summary>The requests of a run that wait, and while it polls those that come.</summary>
    public async IAsyncEnumerable<PendingRequest> ReadAsync(
        string run,
        bool poll,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (poll)
        {
            var more = requested.Task;
            foreach (
                var (_, pending) in requests
                    .Where(request => request.Run == run && seen.Add(request.Pending.Id))
                    .ToArray()
            )
                yield return pending;
            await more.WaitAsync(ct);
        }
    }

    // Continuations run where the signal is given: anywhere else would be another thread than the one of the simulation.
    private static TaskCompletionSource NewSignal() => new();

    IAsyncEnumerable<PendingRequest> IRequests.ReadAsync(string run, CancellationToken ct) =>
        ReadAsync(run, poll: true, ct);

    /// <inheritdoc/>
    public Task RemoveAsync(string run, PendingRequest request, CancellationToken ct)
    {
        requests.RemoveAll(r => r.Pending.Id == request.Id && r.Run == run);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public string Seal(string run, string value)
    {
        var name = $"{run}-{value.Length}-{sealedValues.Count}";
        sealedValues[name] = value;
        return name;
    }

    /// <summary>Whether secret values of a run are kept.</summary>
    public bool HasSealed(string run) =>
        sealedValues.Keys.Any(name => name.StartsWith(run + "-", StringComparison.Ordinal));

    /// <inheritdoc/>
    public string Unseal(string run, string name) => sealedValues[name];

    /// <inheritdoc/>
    public void Remove(string run)
    {
        foreach (
            var name in sealedValues.Keys.Where(name => name.StartsWith(run + "-", StringComparison.Ordinal)).ToArray()
        )
            sealedValues.Remove(name);
    }

    /// <inheritdoc/>
    Task<EnvironmentIdentity> IIdentities.ReadAsync(string environment, CancellationToken ct) => Task.FromResult(known);

    /// <inheritdoc/>
    public Task WriteAsync(string environment, EnvironmentIdentity identity, CancellationToken ct)
    {
        if (!IsDead)
            known = identity;
        return Task.CompletedTask;
    }

    private void Commit(int entries)
    {
        if (entries > 0 && !IsDead)
        {
            OnCommit?.Invoke();
            IsDead = ++Commits == DieAtCommit;
        }
        Write();
    }

    private void Write()
    {
        Writes++;
        IsDead = IsDead || Writes == DieAt;
        if (IsDead)
            throw new JournalException(JournalFault.Unwritable, "the process died");
    }

    private sealed class Stay(MemoryStore store, LeaseHolder holder) : IStay
    {
        public LeaseHolder Holder { get; private set; } = holder;

        public void Say(string waits) => Holder = Holder with { Waits = waits };

        public ValueTask DisposeAsync()
        {
            // A dead process disposes of nothing that a new one has.
            if (store.stays.GetValueOrDefault(Holder.Run!) == this)
                store.stays.Remove(Holder.Run!);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Lease(MemoryStore store, string environment, long fence) : ILease
    {
        public string Environment => environment;

        public long Fence => fence;

        // A dead process asks nobody; the question is only whether a live one still holds it.
        public bool StillHeld => !store.IsDead && store.fence == fence;

        public ValueTask DisposeAsync()
        {
            if (store.held?.Fence == fence)
                store.held = null;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class MemoryJournal : IJournal
    {
        private readonly MemoryStore store;
        private readonly ILease lease;
        private readonly List<JournalEntry> waiting = [];
        private long sequence;
        private string previous;

        public MemoryJournal(MemoryStore store, string run, ILease lease)
        {
            (this.store, this.lease, Run) = (store, lease, run);
            History = [.. store.durable[run]];
            (sequence, previous) = History is [.., var last] ? (last.Sequence, last.Hash) : (0, JournalLine.Genesis);
        }

        public string Run { get; }

        public IReadOnlyList<JournalEntry> History { get; private set; }

        public long Torn => 0;

        public JournalEntry Append(JournalEvent happened)
        {
            store.Write();
            if (!lease.StillHeld)
                throw new JournalException(JournalFault.StaleLease, "another holder took the lease");
            var entry = store.IsExact ? Exact(happened) : Quick(happened);
            previous = entry.Hash;
            waiting.Add(entry);
            if (sequence == 1)
                History = [entry];
            store.OnAppended?.Invoke(Run, entry);
            return entry;
        }

        private JournalEntry Exact(JournalEvent happened)
        {
            var (_, line) = JournalLine.Write(++sequence, store.Clock.GetUtcNow(), lease.Fence, previous, happened);
            return JournalLine.Read(line);
        }

        private JournalEntry Quick(JournalEvent happened) =>
            new()
            {
                Sequence = ++sequence,
                At = store.Clock.GetUtcNow(),
                Fence = lease.Fence,
                Event = happened,
                Previous = JournalLine.Genesis,
                Hash = JournalLine.Genesis,
            };

        public async Task CommitAsync()
        {
            // Commits take their time, so that parallel steps meet in every order.
            await Task.Yield();
            store.Commit(waiting.Count);
            if (!lease.StillHeld)
                throw new JournalException(JournalFault.StaleLease, "another holder took the lease");
            foreach (var entry in waiting)
            {
                store.durable[Run].Add(entry);
                store.OnDurable?.Invoke(entry);
            }
            waiting.Clear();
        }

        public async ValueTask DisposeAsync()
        {
            if (!store.IsDead && waiting.Count > 0 && lease.StillHeld)
                await CommitAsync();
        }
    }

    private TimeProvider Clock => clock;
}
