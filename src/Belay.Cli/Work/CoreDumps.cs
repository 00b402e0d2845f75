using System.Runtime.InteropServices;

namespace Belay.Cli.Work;

/// <summary>Keeps the memory of this process out of core dumps: the secrets in use are in it.</summary>
internal static partial class CoreDumps
{
    private const int SetDumpable = 4; // PR_SET_DUMPABLE

    /// <summary>Forbids them.</summary>
    /// <remarks>
    /// prctl(2): the kernel writes no core dump of such a process, and nobody but root can attach a debugger to it or read its
    /// memory and environment under <c>/proc</c>. Programs that it starts are not concerned: the setting ends with execve(2), so
    /// that children are found by their marks as before. A setting of limits (<c>ulimit -c</c>) would be inherited by services.
    /// </remarks>
    public static void Forbid() => _ = Control(SetDumpable, 0, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);
}
