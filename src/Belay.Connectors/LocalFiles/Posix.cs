using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Belay.Connectors.LocalFiles;

/// <summary>What .NET leaves out of the file system: owners, devices, and flushing a folder.</summary>
internal static partial class Posix
{
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int AtCurrentFolder = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxUid = 0x8;
    private const uint StatxGid = 0x10;
    private const uint StatxInode = 0x100;
    private const int ReadOnlyDirectoryCloseOnExec = 0x10000 | 0x80000;

    /// <summary>The owner of a file, links not followed: statx(2), whose layout is the same on every architecture.</summary>
    public static Owner OwnerOf(string path)
    {
        var answer = Look(path, AtSymlinkNoFollow, StatxUid | StatxGid);
        return new Owner(
            BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(20)),
            BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(24))
        );
    }

    /// <summary>Gives a file to an owner: lchown(2).</summary>
    /// <exception cref="UnauthorizedAccessException">The kernel refuses; only root may give files away.</exception>
    public static void SetOwner(string path, Owner owner) => Check(ChangeOwner(path, owner.User, owner.Group), path);

    /// <summary>The file system that a file or folder is on, links followed: statx(2).</summary>
    public static Device DeviceOf(string path)
    {
        var answer = Look(path, flags: 0, mask: 0);
        return new Device(
            BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(136)),
            BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(140))
        );
    }

    /// <summary>The inode of a file, links followed: statx(2).</summary>
    public static long InodeOf(string path) =>
        BinaryPrimitives.ReadInt64LittleEndian(Look(path, flags: 0, StatxInode).AsSpan(32));

    /// <summary>Opens a folder to be flushed: open(2).</summary>
    public static SafeFileHandle OpenFolder(string path)
    {
        var descriptor = Open(path, ReadOnlyDirectoryCloseOnExec);
        Check(descriptor, path);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Flushes a folder's own entries to disk, so that a rename in it survives a power cut: fsync(2).</summary>
    public static void Flush(SafeFileHandle folder, string path) => Check(FlushDescriptor(folder), path);

    private static byte[] Look(string path, int flags, uint mask)
    {
        var answer = new byte[256];
        Check(StatX(AtCurrentFolder, path, flags, mask, answer), path);
        return answer;
    }

    private static void Check(int result, string path)
    {
        if (result >= 0)
            return;
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        if (error.NativeErrorCode is NotPermitted or AccessDenied)
            throw new UnauthorizedAccessException($"{path}: {error.Message}");
        throw new IOException($"{path}: {error.Message}", error.NativeErrorCode);
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
    private static partial int FlushDescriptor(SafeFileHandle descriptor);
}

/// <summary>Who owns a file, by number.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Owner(uint User, uint Group);

/// <summary>Which file system, by number.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Device(uint Major, uint Minor);
