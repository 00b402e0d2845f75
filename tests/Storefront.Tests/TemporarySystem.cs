using Storefront.Demo;

namespace Storefront.Tests;

/// <summary>A small live shop of a test's own, gone with its folder afterwards.</summary>
internal sealed class TemporarySystem : IAsyncDisposable
{
    private const int Sessions = 400;

    private TemporarySystem(LiveSystem live) => Live = live;

    public LiveSystem Live { get; }

    public static async Task<TemporarySystem> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("belay-storefront-test-").FullName;
        // PostgreSQL runs as another user when we are root, who has to get through to its own folder.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
        var options = new SystemOptions
        {
            Folder = folder,
            Sessions = Sessions,
            Orders = 1_000,
        };
        return new TemporarySystem(await LiveSystem.StartAsync(options, TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await Live.DisposeAsync();
        Directory.Delete(Live.Folder, recursive: true);
    }
}
