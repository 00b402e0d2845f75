using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Belay.Connectors.Files;

/// <summary>What .NET leaves out of the file system: owners, and flushing a folder.</summary>
internal static partial class Posix
{
    private const int AtCurrentFolder = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxUid = 0x8;
    private const uint StatxGid = 0x10;
    private const int ReadOnlyDirectoryCloseOnExec = 0x10000 | 0x80000;

    /// <summary>The owner of a file, links not followed: statx(2), whose layout is the same on every architecture.</summary>
    public static Owner OwnerOf(string path)
    {
        Span<byte> answer = stackalloc byte[256];
        Check(StatX(AtCurrentFolder, path, AtSymlinkNoFollow, StatxUid | StatxGid, answer), path);
        return new Owner(
            BinaryPrimitives.ReadUInt32LittleEndian(answer[20..]),
            BinaryPrimitives.ReadUInt32LittleEndian(answer[24..])
        );
    }

    /// <summary>Gives a file to an owner: lchown(2).</summary>
    /// <exception cref="IOException">The kernel refuses; only root may give files away.</exception>
    public static void SetOwner(string path, Owner owner) => Check(ChangeOwner(path, owner.User, owner.Group), path);

    /// <summary>Flushes a folder's own entries to disk, so that a rename in it survives a power cut: fsync(2).</summary>
    public static void FlushFolder(string path)
    {
        var descriptor = Open(path, ReadOnlyDirectoryCloseOnExec);
        Check(descriptor, path);
        try
        {
            Check(Flush(descriptor), path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static void Check(int result, string path)
    {
        if (result < 0)
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> answer);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}

/// <summary>Who owns a file, by number.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Owner(uint User, uint Group);
