using System.Globalization;
using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.Commands;

/// <summary>What the kernel says of processes: proc(5).</summary>
internal static class ProcessTable
{
    /// <summary>A live process; null when there is none of this number, or it has ended and only waits to be reaped.</summary>
    public static LiveProcess? Find(int pid)
    {
        if (Read($"/proc/{pid}/stat") is not { } bytes)
            return null;
        var stat = Encoding.UTF8.GetString(bytes);
        // The second field is the program's name in parentheses, and may hold blanks and parentheses itself.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
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
    public static IEnumerable<LiveProcess> All() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder.AsSpan()), out var pid) ? Find(pid) : null)
            .OfType<LiveProcess>();

    /// <summary>The value of a variable in the environment that a process was started with; null when it has none, or belongs to somebody else.</summary>
    public static string? Variable(int pid, string name) =>
        Words($"/proc/{pid}/environ").FirstOrDefault(v => v.StartsWith(name + "=", StringComparison.Ordinal))
            is { } pair
            ? pair[(name.Length + 1)..]
            : null;

    /// <summary>The argument list of a process, the program first; empty when it is gone.</summary>
    public static string[] Arguments(int pid) => Words($"/proc/{pid}/cmdline");

    private static string[] Words(string file) =>
        Read(file) is { Length: > 0 } bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\0').Split('\0') : [];

    private static byte[]? Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or belongs to another user.
            return null;
        }
    }
}

/// <summary>A process that runs now, and its process group.</summary>
internal sealed record LiveProcess(ProcessIdentity Identity, int Group);
