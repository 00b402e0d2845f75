using System.Text;

namespace Kills;

/// <summary>Finds processes by what the kernel says of them.</summary>
internal static class MarkedProcesses
{
    /// <summary>Processes that carry the mark of a run's children.</summary>
    public static IReadOnlyList<int> ChildrenOf(string run) =>
        [
            .. All()
                .Where(pid =>
                    Read(pid, "environ")
                        .Any(word =>
                            word.StartsWith("BELAY_CHILD=", StringComparison.Ordinal)
                            && word.Contains($"/{run}/", StringComparison.Ordinal)
                        )
                ),
        ];

    /// <summary>Processes with an argument that begins with this.</summary>
    public static IReadOnlyList<int> WithArgument(string beginning) =>
        [.. All().Where(pid => Read(pid, "cmdline").Any(word => word.StartsWith(beginning, StringComparison.Ordinal)))];

    private static IEnumerable<int> All() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _))
            .Select(name => int.Parse(name!));

    // A process that ended meanwhile, or belongs to somebody else, has nothing to say.
    private static string[] Read(int pid, string what)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{what}")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
