using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>A lease that is held: the lock on its file, and the knowledge which two files were its own.</summary>
/// <remarks>
/// The lock alone is not enough: a person may remove the file, and the next taker locks another one of the same name.
/// So each look compares the files that have the two names now with those that were taken. Both are held open, which
/// keeps their inodes from being used again.
/// </remarks>
internal sealed class FileLease : ILease
{
    private readonly string path;
    private readonly string counter;
    private readonly SafeFileHandle file;
    private readonly SafeFileHandle number;
    private readonly FileIdentity taken;
    private readonly FileIdentity numbered;
    private volatile bool lost;

    public FileLease(string environment, long fence, string path, SafeFileHandle file, string counter)
    {
        Environment = environment;
        Fence = fence;
        this.path = path;
        this.file = file;
        this.counter = counter;
        taken = FileIdentity.Of(file);
        number = DurableFile.Open(counter, FileMode.Open, FileAccess.Read);
        numbered = FileIdentity.Of(number);
    }

    public string Environment { get; }

    public long Fence { get; }

    public bool StillHeld
    {
        get
        {
            if (!lost && (FileIdentity.At(path) != taken || FileIdentity.At(counter) != numbered))
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
