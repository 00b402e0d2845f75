using System.Collections.Concurrent;

namespace Storefront.Cache;

/// <summary>
/// One endpoint with its pooled connections. Disposing it closes all idle connections and tells all that are in use,
/// so that after a cut-over nothing of the shop is left on the old cache.
/// </summary>
internal sealed class CacheTarget(CacheEndpoint endpoint) : IDisposable
{
    private readonly ConcurrentBag<RespConnection> _idle = [];
    private readonly CancellationTokenSource _superseded = new();

    public CacheEndpoint Endpoint => endpoint;

    /// <summary>Cancelled when another endpoint has taken over.</summary>
    public CancellationToken Superseded => _superseded.Token;

    public async Task<RespConnection> RentAsync(CancellationToken ct) =>
        _idle.TryTake(out var connection) ? connection : await RespConnection.OpenAsync(endpoint, ct);

    public void Return(RespConnection connection)
    {
        _idle.Add(connection);
        // The target may have been superseded between the reply and this line; then nobody would close what was added.
        if (_superseded.IsCancellationRequested)
            CloseIdle();
    }

    public void Dispose()
    {
        // The source itself is left to the collector: requests under way still link to its token.
        _superseded.Cancel();
        CloseIdle();
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }
}
