using Belay.Engine.Ports;
using Belay.Stores.Files;
using JournalKit;

namespace Belay.Stores.Tests.Files;

/// <summary>A store of files in a folder of its own.</summary>
public sealed class FilesUnderTest : StoreUnderTest
{
    private readonly string place = Directory.CreateTempSubdirectory("belay-store-").FullName;

    /// <summary>The store's folder.</summary>
    public string Folder => Path.Combine(place, ".belay");

    /// <summary>The folder of its keys.</summary>
    public string Keys => Path.Combine(place, "keys");

    /// <summary>Where a run's journal lies.</summary>
    public string Journal(string run) => Path.Combine(Folder, "runs", run, "journal.jsonl");

    public override JournalKit.Stores Open()
    {
        var store = new FileStore(Folder, Keys, TimeProvider.System);
        return new JournalKit.Stores(
            store.Journals,
            store.Leases,
            store.Requests,
            store.SealedValues,
            store.Identities
        );
    }

    public override Task TakeAwayAsync(ILease lease)
    {
        File.Delete(Path.Combine(Folder, "environments", lease.Environment, "lease"));
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(place, recursive: true);
        return base.DisposeAsync();
    }
}
