using System.Runtime.InteropServices;

namespace Belay.Connectors.Commands;

/// <summary>Signals by number: signal(7), the values of Linux on x86-64 and arm64.</summary>
internal static partial class Signals
{
    public const int HangUp = 1;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Signals one process; one that is gone is no error.</summary>
    public static void Send(int pid, int signal) => _ = NativeKill(pid, signal);

    /// <summary>Signals a process group (kill(2): a negative number); one that is gone is no error.</summary>
    public static void SendToGroup(int group, int signal) => _ = NativeKill(-group, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NativeKill(int pid, int signal);
}
