using System.Globalization;
using System.Text;
using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>A lease is a locked file: it ends with its process, however that ends.</summary>
internal sealed class FileLeases(StoreFolder store, TimeProvider clock) : ILeases
{
    /// <summary>A number is shorter, bytes.</summary>
    private const int GreatestNumber = 64;

    public Task<LeaseAttempt> TryTakeAsync(string environment, string holder, string? run, CancellationToken ct)
    {
        var who = new LeaseHolder(holder, clock.GetUtcNow()) { Run = run };
        var folder = store.Environment(environment);
        store.Make(folder);
        var path = Path.Combine(folder, "lease");
        try
        {
            LeaseAttempt? attempt;
            do ct.ThrowIfCancellationRequested();
            while ((attempt = Try(environment, who, folder, path)) is null);
            return Task.FromResult(attempt);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unwritable(path, e);
        }
    }

    public Task<LeaseHolder?> HolderAsync(string environment, CancellationToken ct) =>
        Task.FromResult(LockedFile.Holder(Path.Combine(store.Environment(environment), "lease")));

    public Task<IStay?> TryStayAsync(string run, string who, CancellationToken ct) =>
        Task.FromResult<IStay?>(
            FileStay.TryTake(store.Stay(run), new LeaseHolder(who, clock.GetUtcNow()) { Run = run })
        );

    public Task<LeaseHolder?> StayingAsync(string run, CancellationToken ct) =>
        Task.FromResult(LockedFile.Holder(store.Stay(run)));

    // Null: somebody removed the file between its opening and its locking, so the lock is worth nothing.
    private static LeaseAttempt? Try(string environment, LeaseHolder who, string folder, string path)
    {
        var file = DurableFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        var kept = false;
        try
        {
            if (!OwnedLock.TryTake(file))
                return new LeaseAttempt.Held(LockedFile.Read(path, file));
            if (FileIdentity.At(path) != FileIdentity.Of(file))
                return null;
            var lease = Take(environment, who, folder, file);
            kept = true;
            return new LeaseAttempt.Taken(lease);
        }
        finally
        {
            if (!kept)
                file.Dispose();
        }
    }

    private static FileLease Take(string environment, LeaseHolder who, string folder, SafeFileHandle file)
    {
        LockedFile.Write(file, who);
        var counter = Path.Combine(folder, "fence");
        var fence = LastFence(counter) + 1;
        DurableFile.Write(counter, Encoding.ASCII.GetBytes(fence.ToString(CultureInfo.InvariantCulture) + "\n"));
        return new FileLease(environment, fence, file, counter);
    }

    private static long LastFence(string counter)
    {
        if (!File.Exists(counter))
            return 0;
        return
            new FileInfo(counter).Length <= GreatestNumber
            && long.TryParse(
                File.ReadAllText(counter),
                NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture,
                out var last
            )
            && last < long.MaxValue
            ? last
            : throw Faults.Damaged(
                counter,
                "it holds no fencing number. Write the greatest \"fence\" of this environment's journals into it"
            );
    }
}
