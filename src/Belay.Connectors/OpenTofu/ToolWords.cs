using System.Text.RegularExpressions;

namespace Belay.Connectors.OpenTofu;

/// <summary>What the tools say on standard error. Pure.</summary>
internal static partial class ToolWords
{
    private const int MostLines = 6;

    // Both tools' own words (internal/command, internal/backend): trying again helps once the other one is done.
    private static readonly string[] Passing =
    [
        "Error acquiring the state lock",
        "Saved plan is stale",
        "connection refused",
        "connection reset",
        "i/o timeout",
        "TLS handshake timeout",
        "no such host",
        "RequestError: send request failed",
        "SlowDown",
    ];

    /// <summary>Whether nothing was done, and trying again may help.</summary>
    public static bool IsPassing(string said) =>
        Passing.Any(words => said.Contains(words, StringComparison.Ordinal))
        // After a partial apply it is not so.
        && !said.Contains("apply_complete", StringComparison.Ordinal);

    /// <summary>The first errors, without frames and colours, on one line.</summary>
    public static string Of(string said)
    {
        var lines = Frame()
            .Replace(said, "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var first = Array.FindIndex(lines, line => line.StartsWith("Error", StringComparison.Ordinal));
        var told = string.Join(" ", lines.Skip(Math.Max(0, first)).Take(MostLines));
        return told.Length == 0 ? "it said nothing" : told;
    }

    [GeneratedRegex(@"[│╷╵]|\x1b\[[0-9;]*m", RegexOptions.NonBacktracking)]
    private static partial Regex Frame();
}
