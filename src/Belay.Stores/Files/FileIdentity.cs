using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>Which file it is, whatever its name: device and inode. No other file has it as long as this one is held open.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint OnlyInode = 0x100; // STATX_INO

    /// <summary>The file that has a path now; null: there is none, or it cannot be asked.</summary>
    public static FileIdentity? At(string path) =>
        Libc.StatusAt(CurrentFolder, path, 0, OnlyInode, out var status) == 0 ? Of(status) : null;

    /// <summary>An open file.</summary>
    public static FileIdentity Of(SafeFileHandle file) =>
        Libc.StatusOf(file, "", EmptyPath, OnlyInode, out var status) == 0
            ? Of(status)
            : throw new IOException(Marshal.GetLastPInvokeErrorMessage());

    private static FileIdentity Of(Libc.FileStatus status) => new(status.DeviceMajor, status.DeviceMinor, status.Inode);
}
