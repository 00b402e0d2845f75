using System.Globalization;
using System.Text.RegularExpressions;
using Belay.Engine.Ports;

namespace Belay.Cli.Work;

/// <summary>Names for new runs: <c>20261121-103045-storefront</c>.</summary>
internal static partial class RunIds
{
    /// <summary>A name that no run has yet.</summary>
    public static async Task<string> NewAsync(
        string upgrade,
        IJournalStore journals,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var taken = (await journals.ListAsync(null, ct)).Select(name => name.Run).ToHashSet(StringComparer.Ordinal);
        var name = $"{clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{Slug(upgrade)}";
        return Enumerable
            .Range(1, int.MaxValue)
            .Select(n => n == 1 ? name : $"{name}-{n}")
            .First(id => !taken.Contains(id));
    }

    /// <summary>Whether a name can be a run's.</summary>
    public static bool IsValid(string name) => Valid().IsMatch(name);

    private static string Slug(string upgrade)
    {
        var slug = NoSlug().Replace(upgrade.ToLowerInvariant(), "-").Trim('-');
        return slug.Length switch
        {
            0 => "run",
            > 40 => slug[..40].Trim('-'),
            _ => slug,
        };
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NoSlug();

    [GeneratedRegex(
        "^[A-Za-z0-9][A-Za-z0-9._-]{0,79}\\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Valid();
}
