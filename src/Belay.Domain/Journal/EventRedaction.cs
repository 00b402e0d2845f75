using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Domain.Journal;

/// <summary>The last guard before an event is journaled: no secret that the run has used stands in any of its texts, in none of its <see cref="SecretForms"/>.</summary>
public static class EventRedaction
{
    /// <summary>What stands where a secret stood.</summary>
    public const string Mark = "(secret)";

    /// <summary>Secrets shorter than this are not looked for: they would tear ordinary words apart.</summary>
    public const int LeastLength = 4;

    /// <summary>The event without the secrets; the same event when none stands in it.</summary>
    public static JournalEvent Clean(JournalEvent happened, IReadOnlyCollection<string> secrets)
    {
        if (secrets.Count == 0)
            return happened;
        var json = Encoding.UTF8.GetString(JournalLine.Body(happened));
        var clean = Without(json, Forms(secrets).Select(AsJson));
        return ReferenceEquals(clean, json) ? happened : JournalLine.Event(Encoding.UTF8.GetBytes(clean));
    }

    /// <summary>A text without the secrets.</summary>
    public static string Clean(string text, ImmutableArray<string> secrets) => Without(text, Forms(secrets));

    private static IEnumerable<string> Forms(IEnumerable<string> secrets) =>
        secrets.Where(secret => secret.Length >= LeastLength).SelectMany(SecretForms.Of);

    // The longest first: a form that holds another one must go as a whole.
    private static string Without(string text, IEnumerable<string> forms) =>
        forms
            .Where(form => text.Contains(form, StringComparison.Ordinal))
            .OrderByDescending(form => form.Length)
            .Aggregate(text, (clean, form) => clean.Replace(form, Mark, StringComparison.Ordinal));

    private static string AsJson(string secret) =>
        JsonEncodedText.Encode(secret, Json.BelayJson.NewOptions().Encoder).ToString();
}
