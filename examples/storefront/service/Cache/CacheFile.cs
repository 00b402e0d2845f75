namespace Storefront.Cache;

/// <summary>
/// The small env file that names the cache's endpoint. It is looked at forty times a second, so that a cut-over is
/// followed at once and without a restart; whoever waits on the old endpoint is told through
/// <see cref="CacheTarget.Superseded"/>.
/// </summary>
internal sealed class CacheFile : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private readonly string _path;
    private readonly PeriodicTimer _timer;
    private readonly Task _watching;
    private volatile CacheTarget _current;

    public CacheFile(string path, TimeProvider clock)
    {
        _path = path;
        _current = new CacheTarget(
            Read() ?? throw new SettingsException($"{path} names no cache: write CACHE_ENDPOINT=host:port into it")
        );
        _timer = new PeriodicTimer(Interval, clock);
        _watching = WatchAsync();
    }

    /// <summary>The endpoint to use now, with the connections to it.</summary>
    public CacheTarget Current => _current;

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching;
        _current.Dispose();
    }

    private async Task WatchAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            if (Read() is not { } endpoint || endpoint == _current.Endpoint)
                continue;
            var old = _current;
            _current = new CacheTarget(endpoint);
            old.Dispose();
        }
    }

    private CacheEndpoint? Read()
    {
        try
        {
            return CacheEndpoint.Parse(File.ReadLines(_path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
