using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Belay.Bench.Ours;

/// <summary>The calls that .NET does not offer: it flushes with fsync only.</summary>
internal static partial class Libc
{
    /// <summary>fdatasync(2).</summary>
    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int FlushData(SafeFileHandle file);

    /// <summary>sync(2).</summary>
    [LibraryImport("libc", EntryPoint = "sync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void Sync();
}
