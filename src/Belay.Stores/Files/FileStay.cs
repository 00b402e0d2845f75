using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>Staying with a parked run: a lock on a file in the run's folder, which ends with its process.</summary>
internal sealed class FileStay : IStay
{
    private readonly string path;
    private readonly SafeFileHandle file;
    private readonly LeaseHolder who;

    private FileStay(string path, SafeFileHandle file, LeaseHolder who) =>
        (this.path, this.file, this.who) = (path, file, who);

    /// <returns>Null: somebody else has it.</returns>
    /// <exception cref="JournalException">It cannot be written.</exception>
    public static FileStay? TryTake(string path, LeaseHolder who)
    {
        SafeFileHandle? opened = null;
        try
        {
            opened = DurableFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
            if (!OwnedLock.TryTake(opened))
                return null;
            LockedFile.Write(opened, who);
            var stay = new FileStay(path, opened, who);
            opened = null;
            return stay;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unwritable(path, e);
        }
        finally
        {
            opened?.Dispose();
        }
    }

    public void Say(string waits)
    {
        try
        {
            LockedFile.Write(file, who with { Waits = waits });
        }
        catch (IOException e)
        {
            throw Faults.Unwritable(path, e);
        }
    }

    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
