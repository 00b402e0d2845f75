using Belay.Engine.Ports;

namespace JournalKit;

/// <summary>A store of its own for one test. A store's test project derives one class from this one.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>Opens the store as another process would: nothing is shared with what was opened before but what the store keeps.</summary>
    public abstract Stores Open();

    /// <summary>Takes a lease away from its holder, who goes on and has not noticed: the next taker gets it.</summary>
    public abstract Task TakeAwayAsync(ILease lease);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
