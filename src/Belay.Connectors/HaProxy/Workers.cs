using System.Collections.Immutable;
using System.Globalization;

namespace Belay.Connectors.HaProxy;

/// <summary>Reads a master's answer to <c>show proc</c> (HAProxy Management Guide, 9.4).</summary>
internal static class Workers
{
    /// <summary>The workers: those that serve, and those that only finish old connections.</summary>
    /// <exception cref="FormatException">It names no worker that serves.</exception>
    public static ImmutableArray<Worker> Parse(string text)
    {
        var workers = ImmutableArray.CreateBuilder<Worker>();
        var section = "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line.StartsWith('#'))
                section = line;
            if (fields is [var pid, "worker", ..])
                workers.Add(new Worker(int.Parse(pid, CultureInfo.InvariantCulture), IsOld(section)));
        }
        return workers.Any(w => !w.IsLeaving)
            ? workers.ToImmutable()
            : throw new FormatException("the master names no worker that serves");
    }

    private static bool IsOld(string section) => section.StartsWith("# old", StringComparison.Ordinal);
}

/// <summary>A worker of a master.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="IsLeaving">It was replaced by a reload, and only finishes its connections.</param>
internal sealed record Worker(int Pid, bool IsLeaving);
