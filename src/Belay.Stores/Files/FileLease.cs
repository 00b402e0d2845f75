using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>A lease that is held: the lock on its file, and the knowledge which file was its fencing number.</summary>
/// <remarks>
/// The lock alone is not enough: a person may remove the lease's file, and the next taker locks another one of the same
/// name. But every taker puts a new file in the place of the fencing number before it has the lease. So each look compares
/// the file that has that name now with the one that was written for this lease; it is held open, which keeps its inode
/// from being used again.
/// </remarks>
internal sealed class FileLease : ILease
{
    private readonly SafeFileHandle file;
    private readonly string counter;
    private readonly SafeFileHandle number;
    private readonly FileIdentity numbered;
    private volatile bool lost;

    public FileLease(string environment, long fence, SafeFileHandle file, string counter)
    {
        Environment = environment;
        Fence = fence;
        this.file = file;
        this.counter = counter;
        number = DurableFile.Open(counter, FileMode.Open, FileAccess.Read);
        numbered = FileIdentity.Of(number);
    }

    public string Environment { get; }

    public long Fence { get; }

    public bool StillHeld
    {
        get
        {
            if (!lost && FileIdentity.At(counter) != numbered)
                lost = true;
            return !lost;
        }
    }

    public ValueTask DisposeAsync()
    {
        lost = true;
        number.Dispose();
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
