using System.Text.RegularExpressions;

namespace Belay.Connectors.OpenTofu;

/// <summary>What the tools say on standard error. Pure.</summary>
internal static partial class ToolWords
{
    private const int MostLines = 6;

    // Both tools' own words (internal/command, internal/backend), said before anything is applied.
    private static readonly string[] NotBegun = ["Error acquiring the state lock", "Saved plan is stale"];

    // Where nothing is altered, trying again helps once the other side is there again.
    private static readonly string[] Passing =
    [
        .. NotBegun,
        "connection refused",
        "connection reset",
        "i/o timeout",
        "TLS handshake timeout",
        "no such host",
        "RequestError: send request failed",
        "SlowDown",
    ];

    /// <summary>Whether nothing was done, and trying again may help.</summary>
    /// <param name="said">What the tool said.</param>
    /// <param name="alters">Whether it was altering something: a connection that broke then may have made what nobody noted.</param>
    public static bool IsPassing(string said, bool alters) =>
        (alters ? NotBegun : Passing).Any(words => said.Contains(words, StringComparison.Ordinal));

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
