using System.Text.RegularExpressions;

namespace Belay.Releases.Reading;

/// <summary>Which values are not shown: a folder that a release was made to run in may hold real ones.</summary>
internal static partial class Secrecy
{
    /// <summary>The value, or null when its name or its own look says that it may be a secret.</summary>
    public static string? Shown(string key, string value) =>
        value.Length > 0 && (SecretName().IsMatch(key) || Credentials().IsMatch(value)) ? null
        : value.Length <= 200 ? value
        : $"{value[..197]}...";

    [GeneratedRegex(
        @"passw|secret|token|credential|private|api_?key|access_?key|certificate|\bkey\b|_key$|salt|dsn",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SecretName();

    [GeneratedRegex(
        @"://[^/\s:@]*:[^/\s@]+@|-----BEGIN",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Credentials();
}
