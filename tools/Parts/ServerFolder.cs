namespace Belay.Parts;

/// <summary>The folder of one server: the caller's, which is kept, or one of our own, which goes with the server.</summary>
internal sealed class ServerFolder
{
    private readonly bool ours;

    private ServerFolder(string location, bool ours) => (Location, this.ours) = (location, ours);

    public string Location { get; }

    public static ServerFolder Prepare(string? wanted, string kind) =>
        wanted is null
            ? new(Directory.CreateTempSubdirectory($"belay-{kind}-").FullName, ours: true)
            : new(Directory.CreateDirectory(Path.GetFullPath(wanted)).FullName, ours: false);

    public string File(string name) => Path.Combine(Location, name);

    /// <summary>Starts the server of this folder; when that fails, the folder goes too.</summary>
    public async Task<TServer> StartAsync<TServer>(Func<Task<TServer>> start)
    {
        try
        {
            return await start();
        }
        catch
        {
            Remove();
            throw;
        }
    }

    public void Remove()
    {
        if (ours)
        {
            Directory.Delete(Location, recursive: true);
        }
    }
}
