using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>The calls into the C library that .NET does not offer. 64-bit Linux.</summary>
internal static partial class Libc
{
    public const int Interrupted = 4; // EINTR
    public const int WouldBlock = 11; // EAGAIN

    private const DllImportSearchPath Where = DllImportSearchPath.SafeDirectories;

    /// <summary>fdatasync(2): the file's data, and of its metadata only what is needed to read them.</summary>
    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(Where)]
    public static partial int FlushData(SafeFileHandle file);

    /// <summary>fsync(2): the file and all of its metadata; for a folder, its entries.</summary>
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(Where)]
    public static partial int Flush(SafeFileHandle file);

    /// <summary>open(2) without the mode, for what exists: .NET does not open folders.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(Where)]
    public static partial int Open(string path, int flags);

    /// <summary>fcntl(2) with a lock.</summary>
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(Where)]
    public static partial int Lock(SafeFileHandle file, int command, ref LockRegion region);

    /// <summary>statx(2) of a path. Its result has the same layout on every architecture.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(Where)]
    public static partial int StatusAt(int folder, string path, int flags, uint mask, out FileStatus status);

    /// <summary>statx(2) of an open file.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(Where)]
    public static partial int StatusOf(SafeFileHandle file, string path, int flags, uint mask, out FileStatus status);

    /// <summary>struct flock.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LockRegion
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }

    /// <summary>struct statx, as far as it is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct FileStatus
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
