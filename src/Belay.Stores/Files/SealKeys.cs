using System.Security.Cryptography;
using System.Text;

namespace Belay.Stores.Files;

/// <summary>The keys with which values are sealed, one a run, in a folder away from the store.</summary>
/// <remarks>
/// <c>sealed/key</c> in the store holds only the name of the key's file: a random one, so that the runs of several stores
/// share the folder of keys, and a store can be moved.
/// </remarks>
internal sealed class SealKeys(StoreFolder store, string folder)
{
    private const int KeyLength = 32;

    private readonly StoreFolder keys = new(folder);
    private readonly Lock gate = new();
    private volatile SealKey? last;

    /// <summary>A run's key; null when it has none.</summary>
    public SealKey? Of(string run)
    {
        var path = PathOf(run);
        try
        {
            return path is not null && File.Exists(path) ? Derived(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unreadable(path!, e);
        }
    }

    /// <summary>A run's key; a new one when it has none.</summary>
    public SealKey OfOrNew(string run)
    {
        lock (gate)
        {
            if (Of(run) is { } key)
                return key;
            var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            keys.Make(keys.Root);
            store.Make(store.Sealed(run));
            var secret = RandomNumberGenerator.GetBytes(KeyLength);
            DurableFile.Write(Path.Combine(keys.Root, name), secret);
            DurableFile.Write(NameFile(run), Encoding.ASCII.GetBytes(name));
            return SealKey.From(secret);
        }
    }

    /// <summary>Removes a run's key.</summary>
    public void Remove(string run)
    {
        if (PathOf(run) is not { } path || !File.Exists(path))
            return;
        try
        {
            File.Delete(path);
            DurableFile.FlushFolder(keys.Root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unwritable(path, e);
        }
    }

    // A resume unseals hundreds of values with one key. The secret is read each time: a key that is gone opens nothing.
    private SealKey Derived(byte[] secret) => last is { } key && key.IsFrom(secret) ? key : last = SealKey.From(secret);

    private string NameFile(string run) => Path.Combine(store.Sealed(run), "key");

    private string? PathOf(string run)
    {
        var file = NameFile(run);
        return File.Exists(file) ? Path.Combine(keys.Root, Path.GetFileName(File.ReadAllText(file))) : null;
    }
}
