using System.Text;
using System.Text.Json;

namespace Belay.Cli.Tests;

/// <summary>Looks for planted secrets in all that belay said, and in all that it left at a desk.</summary>
internal sealed class CanarySearch(Desk desk)
{
    private readonly List<string> seen = [];

    /// <summary>What was said so far.</summary>
    public IReadOnlyList<string> Seen => seen;

    /// <summary>Calls belay, and keeps what it says.</summary>
    public async Task<Ended> BelayAsync(params string[] words)
    {
        var ended = await desk.BelayAsync(words);
        seen.Add(ended.Output);
        seen.Add(ended.Error);
        return ended;
    }

    /// <summary>Fails when a secret, as it is or as others write it, stands in anything that was said, or in a file outside of <c>secrets/</c>; the state and the temporary files are below the desk, too.</summary>
    public void FindNothing(params IEnumerable<string> secrets)
    {
        string[] forms = [.. secrets.SelectMany(FormsOf).Distinct()];
        string[] files =
        [
            .. Directory
                .EnumerateFiles(desk.PathOf("."), "*", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/secrets/", StringComparison.Ordinal)),
        ];
        foreach (var text in seen.Concat(files.Select(file => File.ReadAllText(file, Encoding.Latin1))))
            Assert.All(forms, form => Assert.DoesNotContain(form, text, StringComparison.Ordinal));
    }

    private static IEnumerable<string> FormsOf(string secret) =>
        [
            secret,
            Uri.EscapeDataString(secret),
            JsonSerializer.Serialize(secret)[1..^1],
            .. Enumerable.Range(0, 3).Select(offset => Inside(secret, offset)),
        ];

    // Base64 of the secret somewhere inside another text: the letters that do not depend on what stands around it.
    private static string Inside(string secret, int offset) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', offset) + secret))[4..^4];
}
