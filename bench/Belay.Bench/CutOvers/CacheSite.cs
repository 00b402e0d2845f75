using Belay.Parts;

namespace Belay.Bench.CutOvers;

/// <summary>An old server that holds the keys, a new one that is empty, and the file that says to services which one to use.</summary>
internal sealed class CacheSite : IAsyncDisposable
{
    private readonly string endpointFile;
    private RedisServer? fresh;

    private CacheSite(string folder, RedisServer old)
    {
        (Folder, Old) = (folder, old);
        endpointFile = Path.Combine(folder, "cache.env");
        Switch(old.Endpoint);
    }

    /// <summary>A folder for whatever a move needs.</summary>
    public string Folder { get; }

    /// <summary>The old server, Redis.</summary>
    public RedisServer Old { get; }

    /// <summary>The new server, Valkey.</summary>
    public RedisServer New => fresh ?? throw new InvalidOperationException("the new server was not started");

    /// <summary>The server that services use, <c>ADDRESS:PORT</c>.</summary>
    public string Endpoint => File.ReadAllText(endpointFile).Split('=')[1].TrimEnd();

    /// <summary>Starts the old server with the keys of a snapshot.</summary>
    public static async Task<CacheSite> StartAsync(string folder, string snapshot, CancellationToken ct)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, "old")).FullName;
        File.Copy(snapshot, Path.Combine(data, "dump.rdb"));
        return new CacheSite(folder, await RedisServer.StartAsync(Options(RedisFlavor.Redis, data), ct));
    }

    /// <summary>Starts the new server, with a snapshot or empty.</summary>
    public async Task StartNewAsync(string? snapshot, CancellationToken ct)
    {
        var data = Directory.CreateDirectory(Path.Combine(Folder, "new")).FullName;
        if (snapshot is not null)
            File.Copy(snapshot, Path.Combine(data, "dump.rdb"));
        fresh = await RedisServer.StartAsync(Options(RedisFlavor.Valkey, data), ct);
    }

    /// <summary>Makes services use a server: those that read the file see the old one or the new one.</summary>
    public void Switch(string endpoint)
    {
        File.WriteAllText($"{endpointFile}.new", $"CACHE={endpoint}\n");
        File.Move($"{endpointFile}.new", endpointFile, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (fresh is not null)
            await fresh.DisposeAsync();
        await Old.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The options of every server here.</summary>
    public static RedisOptions Options(RedisFlavor flavor, string folder) =>
        new()
        {
            Flavor = flavor,
            Folder = folder,
            // By default a server waits five seconds for more replicas before it begins a copy.
            Configuration = ["repl-diskless-sync-delay 0"],
        };
}
