using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Belay.Domain.Contract;
using Microsoft.Win32.SafeHandles;

namespace Belay.Connectors.Commands;

/// <summary>What the kernel says of processes: proc(5).</summary>
internal static partial class ProcessTable
{
    /// <summary>A live process; null when there is none of this number, or it has ended and only waits to be reaped.</summary>
    public static LiveProcess? Find(int pid)
    {
        if (Stat(pid) is not { } fields)
            return null;
        return fields[0] is "Z" or "X"
            ? null
            : new LiveProcess(
                new ProcessIdentity(pid, long.Parse(fields[19], CultureInfo.InvariantCulture)),
                Group: int.Parse(fields[2], CultureInfo.InvariantCulture)
            );
    }

    /// <summary>Whether exactly this process still lives.</summary>
    public static bool IsAlive(ProcessIdentity identity) => Find(identity.Pid)?.Identity == identity;

    /// <summary>All live processes that we may see.</summary>
    public static IEnumerable<LiveProcess> All() => Numbers().Select(Find).OfType<LiveProcess>();

    /// <summary>The live children of a process.</summary>
    public static IEnumerable<LiveProcess> ChildrenOf(int parent) =>
        Numbers()
            .Where(pid =>
                Stat(pid) is { } fields && fields[ParentProcess] == parent.ToString(CultureInfo.InvariantCulture)
            )
            .Select(Find)
            .OfType<LiveProcess>();

    /// <summary>Those of them that were started with a variable in their environment, and perhaps some whose variable only ends like it.</summary>
    public static IEnumerable<LiveProcess> With(string variable)
    {
        var name = Encoding.UTF8.GetBytes(variable + "=");
        return Numbers()
            .Where(pid => ReadBegun(pid, "environ") is { } bytes && bytes.AsSpan().IndexOf(name) >= 0)
            .Select(Find)
            .OfType<LiveProcess>();
    }

    /// <summary>The value of a variable in the environment that a process was started with; null when it has none, or belongs to somebody else.</summary>
    public static string? Variable(int pid, string name) =>
        Words(pid, "environ").FirstOrDefault(v => v.StartsWith(name + "=", StringComparison.Ordinal)) is { } pair
            ? pair[(name.Length + 1)..]
            : null;

    /// <summary>The argument list of a process, the program first; empty when it is gone.</summary>
    public static string[] Arguments(int pid) => Words(pid, "cmdline");

    private static IEnumerable<int> Numbers()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), out var pid))
                yield return pid;
        }
    }

    private static string[] Words(int pid, string file) =>
        ReadBegun(pid, file) is { Length: > 0 } bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\0').Split('\0') : [];

    // Whoever starts a process hears that the program runs before the kernel has put its arguments and its environment in
    // place: for some microseconds both read empty, and a child looked for then would be taken for somebody else's.
    private static byte[]? ReadBegun(int pid, string file)
    {
        var begin = Stopwatch.GetTimestamp();
        while (true)
        {
            var bytes = Read($"/proc/{pid}/{file}");
            if (bytes is not [] || !IsBeingBegun(pid) || Stopwatch.GetElapsedTime(begin) > LongestBegin)
                return bytes;
            Thread.Yield();
        }
    }

    private static bool IsBeingBegun(int pid) =>
        Stat(pid) is { Length: > EnvironmentEnd } fields
        && fields[0] is not ("Z" or "X")
        && fields[MemorySize] is not "0" // a kernel thread has no memory of its own, and never an environment
        && fields[EnvironmentEnd] is "0";

    // The fields of proc_pid_stat(5) from the third on, which is the state.
    private static string[]? Stat(int pid)
    {
        if (Read($"/proc/{pid}/stat") is not { Length: > 0 } bytes)
            return null;
        var stat = Encoding.UTF8.GetString(bytes);
        // The second field is the program's name in parentheses, and may hold blanks and parentheses itself.
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private const int ParentProcess = 4 - 3;
    private const int MemorySize = 23 - 3;
    private const int EnvironmentEnd = 51 - 3;

    // Only a process that hides its arguments on purpose (prctl(2), PR_SET_MM) is still without them then.
    private static readonly TimeSpan LongestBegin = TimeSpan.FromSeconds(1);

    // Not File.ReadAllBytes: every kernel thread and every process of another user refuses, and so many exceptions would
    // take longer than all else that a resume does.
    private static byte[]? Read(string file)
    {
        using var handle = NativeOpen(file, ReadOnly);
        if (handle.IsInvalid)
            return null;
        try
        {
            var (buffer, length) = (new byte[4096], 0);
            while (RandomAccess.Read(handle, buffer.AsSpan(length), length) is var read and > 0)
            {
                length += read;
                if (length == buffer.Length)
                    Array.Resize(ref buffer, length * 2);
            }
            return buffer[..length];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked.
            return null;
        }
    }

    private const int ReadOnly = 0x80000; // O_CLOEXEC; O_RDONLY is 0

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle NativeOpen(string path, int flags);
}

/// <summary>A process that runs now, and its process group.</summary>
internal sealed record LiveProcess(ProcessIdentity Identity, int Group);
