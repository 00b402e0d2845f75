using System.Buffers;
using System.Collections.Frozen;
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

    /// <summary>Members of an event that name a thing of the plan or of the program, and tell nothing.</summary>
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "kind",
        "step",
        "run",
        "operation",
        "restore",
        "backup",
        "watch",
        "approval"
    );

    /// <summary>The event without the secrets; the same event when none stands in it.</summary>
    public static JournalEvent Clean(JournalEvent happened, IReadOnlyCollection<string> secrets)
    {
        if (secrets.Count == 0)
            return happened;
        var body = JournalLine.Body(happened);
        var json = Encoding.UTF8.GetString(body);
        string[] forms = [.. Forms(secrets).SelectMany(form => (string[])[form, AsJson(form)]).Distinct()];
        if (!forms.Any(form => json.Contains(form, StringComparison.Ordinal)))
            return happened;
        var clean = new ArrayBufferWriter<byte>();
        using (var document = JsonDocument.Parse(body))
        using (
            var writer = new Utf8JsonWriter(
                clean,
                new JsonWriterOptions { Encoder = Json.BelayJson.NewOptions().Encoder }
            )
        )
            Write(writer, document.RootElement, forms, depth: 0);
        return JournalLine.Event(clean.WrittenSpan);
    }

    /// <summary>A text without the secrets.</summary>
    public static string Clean(string text, ImmutableArray<string> secrets) => Without(text, Forms(secrets));

    // Only texts are cleaned. The names of members are the program's own words, and some of an event's own members are the plan's: a
    // secret that happens to be such a word would make the event unreadable, and the change that it tells of impossible to take back.
    private static void Write(Utf8JsonWriter writer, JsonElement value, string[] forms, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    if (depth == 0 && Names.Contains(member.Name))
                        member.Value.WriteTo(writer);
                    else
                        Write(writer, member.Value, forms, depth + 1);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Write(writer, element, forms, depth + 1);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Without(value.GetString()!, forms));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>All texts that are looked for: each form of each secret that is long enough.</summary>
    public static IEnumerable<string> Forms(IEnumerable<string> secrets) =>
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
