using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>Files that are there whole or not at all, also after a power cut.</summary>
internal static class DurableFile
{
    private const int ReadFolder = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC; O_RDONLY is 0

    /// <summary>Writes a file aside, flushes it, and gives it its name; a file of that name is replaced.</summary>
    /// <exception cref="Belay.Engine.Ports.JournalException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content) => _ = Write(path, content, replace: true);

    /// <summary>The same for a file that must be new; false when there is one of that name, which stays as it is.</summary>
    /// <exception cref="Belay.Engine.Ports.JournalException">It cannot be written.</exception>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content) => Write(path, content, replace: false);

    private static bool Write(string path, ReadOnlySpan<byte> content, bool replace)
    {
        var aside = Aside(path);
        var named = false;
        try
        {
            using (var file = Open(aside, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, content, 0);
                Check(Libc.Flush(file));
            }
            File.Move(aside, path, replace);
            named = true;
            FlushFolder(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (IOException) when (!replace && !named && File.Exists(path))
        {
            TryDelete(aside);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(aside);
            throw Faults.Unwritable(path, e);
        }
    }

    // Another name in the same folder, which no other process chooses. Starts with a dot: readers of the folder pass it over.
    private static string Aside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");

    /// <summary>Opens a file for this process and others; a new one can be read by its owner only.</summary>
    public static SafeFileHandle Open(string path, FileMode mode, FileAccess access)
    {
        var file = File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);
        // The folder is the owner's alone already; the mode holds when the file is moved elsewhere.
        if (mode != FileMode.Open)
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    /// <summary>Makes the entries of a folder durable.</summary>
    public static void FlushFolder(string path)
    {
        using var folder = new SafeFileHandle(Check(Libc.Open(path, ReadFolder)), ownsHandle: true);
        Check(Libc.Flush(folder));
    }

    /// <summary>Turns the failure of a call into an exception with the system's words.</summary>
    public static int Check(int result) =>
        result >= 0 ? result : throw new IOException(Marshal.GetLastPInvokeErrorMessage());

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was told already that the place cannot be written; a file aside harms nobody.
        }
    }
}
