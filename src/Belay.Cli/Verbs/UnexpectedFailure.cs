using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Belay.Cli.Verbs;

/// <summary>What is told of an exception that nobody expected: what kind it is and where it came from, and nothing that it says.</summary>
internal static class UnexpectedFailure
{
    private const int MostFrames = 12;

    public static string Words(Exception unexpected)
    {
        var kinds = new List<string>();
        for (var one = unexpected; one is not null; one = one.InnerException)
            kinds.Add(one.GetType().FullName!);
        return $"a fault of Belay itself ({string.Join(" from ", kinds)}). What it has journaled stands: belay status. Please report it with these places:\n"
            + string.Join('\n', Places(unexpected).Take(MostFrames));
    }

    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2026:RequiresUnreferencedCode",
        Justification = "A method that was trimmed away has no name to show."
    )]
    private static IEnumerable<string> Places(Exception unexpected) =>
        new StackTrace(unexpected)
            .GetFrames()
            .Select(frame => frame.GetMethod())
            .Where(method => method is not null)
            .Select(method => $"  at {method!.DeclaringType?.FullName}.{method.Name}");
}
