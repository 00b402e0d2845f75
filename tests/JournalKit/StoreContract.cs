using Belay.Domain.Journal;
using Belay.Engine.Ports;
using Xunit;

namespace JournalKit;

/// <summary>What the suites of the contract share: a store for each test, and few words for much used moves.</summary>
/// <typeparam name="TStore">The store under test.</typeparam>
public abstract class StoreContract<TStore> : IAsyncLifetime
    where TStore : StoreUnderTest, new()
{
    private readonly List<IAsyncDisposable> opened = [];

    /// <summary>The store.</summary>
    protected TStore Store { get; } = new();

    /// <summary>The store, as the first process sees it.</summary>
    protected Stores First { get; private set; } = null!;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        First = Store.Open();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        for (var i = opened.Count - 1; i >= 0; i--)
            await opened[i].DisposeAsync();
        await Store.DisposeAsync();
    }

    /// <summary>Takes a lease that is free.</summary>
    protected async Task<ILease> LeaseAsync(string environment = Sample.Environment)
    {
        var attempt = await First.Leases.TryTakeAsync(environment, "anna@test", run: null, Ct);
        return Keep(Assert.IsType<LeaseAttempt.Taken>(attempt).Lease);
    }

    /// <summary>Makes a journal.</summary>
    protected async Task<IJournal> CreateAsync(string run, ILease lease) =>
        Keep(await First.Journals.CreateAsync(run, lease, Sample.Start(run, lease.Environment), Ct));

    /// <summary>Opens a journal.</summary>
    protected async Task<IJournal> OpenAsync(string run, ILease lease) =>
        Keep(await First.Journals.OpenAsync(run, lease, Ct));

    /// <summary>Reads a journal to its end.</summary>
    protected async Task<IReadOnlyList<JournalEntry>> ReadAsync(string run) =>
        await First.Journals.ReadAsync(run, Ct).ToListAsync(Ct);

    /// <summary>Ends something with the test.</summary>
    protected T Keep<T>(T thing)
        where T : IAsyncDisposable
    {
        opened.Add(thing);
        return thing;
    }
}
