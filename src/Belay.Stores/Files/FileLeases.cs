using System.Globalization;
using System.Text;
using System.Text.Json;
using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>A lease is a locked file: it ends with its process, however that ends.</summary>
internal sealed class FileLeases(StoreFolder store, TimeProvider clock) : ILeases
{
    public Task<LeaseAttempt> TryTakeAsync(string environment, string holder, CancellationToken ct)
    {
        var folder = store.Environment(environment);
        store.Make(folder);
        var path = Path.Combine(folder, "lease");
        try
        {
            LeaseAttempt? attempt;
            do ct.ThrowIfCancellationRequested();
            while ((attempt = Try(environment, holder, folder, path)) is null);
            return Task.FromResult(attempt);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unwritable(path, e);
        }
    }

    public Task<LeaseHolder?> HolderAsync(string environment, CancellationToken ct)
    {
        var path = Path.Combine(store.Environment(environment), "lease");
        try
        {
            using var file = DurableFile.Open(path, FileMode.Open, FileAccess.Read);
            return Task.FromResult(OwnedLock.IsTaken(file) ? Holder(path, file) : null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<LeaseHolder?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unreadable(path, e);
        }
    }

    // Null: somebody removed the file between its opening and its locking, so the lock is worth nothing.
    private LeaseAttempt? Try(string environment, string holder, string folder, string path)
    {
        var file = DurableFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        var kept = false;
        try
        {
            if (!OwnedLock.TryTake(file))
                return new LeaseAttempt.Held(Holder(path, file));
            if (FileIdentity.At(path) != FileIdentity.Of(file))
                return null;
            var lease = Take(environment, holder, folder, file);
            kept = true;
            return new LeaseAttempt.Taken(lease);
        }
        finally
        {
            if (!kept)
                file.Dispose();
        }
    }

    private FileLease Take(string environment, string holder, string folder, SafeFileHandle file)
    {
        var who = new LeaseHolder(holder, clock.GetUtcNow());
        RandomAccess.SetLength(file, 0);
        RandomAccess.Write(file, JsonSerializer.SerializeToUtf8Bytes(who, StoreJson.Kebab.LeaseHolder), 0);
        var counter = Path.Combine(folder, "fence");
        var fence = LastFence(counter) + 1;
        DurableFile.Write(counter, Encoding.ASCII.GetBytes(fence.ToString(CultureInfo.InvariantCulture) + "\n"));
        return new FileLease(environment, fence, file, counter);
    }

    private static long LastFence(string counter)
    {
        if (!File.Exists(counter))
            return 0;
        return long.TryParse(
            File.ReadAllText(counter),
            NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out var last
        )
            ? last
            : throw Faults.Damaged(
                counter,
                "it holds no fencing number. Write the greatest \"fence\" of this environment's journals into it"
            );
    }

    // The description may be read while a new holder writes it: a moment later it can be read.
    private static LeaseHolder Holder(string path, SafeFileHandle file)
    {
        var text = new byte[RandomAccess.GetLength(file)];
        var read = RandomAccess.Read(file, text, 0);
        try
        {
            return JsonSerializer.Deserialize(text.AsSpan(0, read), StoreJson.Kebab.LeaseHolder)!;
        }
        catch (JsonException)
        {
            return new LeaseHolder(
                "somebody who has only just taken it",
                new DateTimeOffset(File.GetLastWriteTimeUtc(path))
            );
        }
    }
}
