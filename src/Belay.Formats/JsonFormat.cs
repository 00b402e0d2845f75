using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Belay.Formats;

/// <summary>Sets a value in JSON; comments and trailing commas are read and kept.</summary>
internal sealed class JsonFormat : IValueFormat
{
    public string Set(string text, IReadOnlyList<string> key, ValueText value)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            var walk = new JsonWalk(bytes, key);
            return Encoding.UTF8.GetString(walk.Replace(depth => Nested(key, depth, value)));
        }
        catch (JsonException e)
        {
            throw Wrong(e);
        }
    }

    // The value itself, or, for a way of which only the beginning is there, the objects around it.
    private static string Nested(IReadOnlyList<string> key, int depth, ValueText value) =>
        depth == key.Count ? Literal(value) : $"{{ {Quote(key[depth])}: {Nested(key, depth + 1, value)} }}";

    private static string Literal(ValueText value) => value.IsText ? Quote(value.Text) : value.Text;

    public static string Quote(string text) =>
        $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>Where a text is no JSON. The parser's own message quotes the text, which may hold a secret.</summary>
    public static ValueFormatException Wrong(JsonException e) =>
        new(
            "JSON",
            "the text breaks off or goes wrong",
            (int)(e.LineNumber ?? 0) + 1,
            (int)(e.BytePositionInLine ?? 0) + 1
        );
}

/// <summary>Walks JSON along a key and finds what has to be replaced there.</summary>
internal sealed class JsonWalk(byte[] bytes, IReadOnlyList<string> key)
{
    /// <summary>JSON as people write it in configuration files.</summary>
    public static readonly JsonReaderOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The bytes with the value put in place.</summary>
    public byte[] Replace(Func<int, string> nested)
    {
        // Two readings: the first one proves that the whole text is well-formed before any of it is trusted.
        var whole = new Utf8JsonReader(bytes, Options);
        while (whole.Read()) { }
        var reader = new Utf8JsonReader(bytes, Options);
        reader.Read();
        for (var depth = 0; depth < key.Count; depth++)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                if (Enter(ref reader, key[depth]) is { } gap)
                    return Insert(gap, JsonFormat.Quote(key[depth]), nested(depth + 1));
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                EnterElement(ref reader, key[depth]);
            }
            else
            {
                throw new ValueFormatException($"{Way(depth)} is a single value: nothing can stand inside it");
            }
        }
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            throw new ValueFormatException($"{Way(key.Count)} is no single value: name a value inside it");
        return Splice((int)reader.TokenStartIndex, (int)reader.BytesConsumed, nested(key.Count));
    }

    /// <summary>Where a new member goes.</summary>
    /// <param name="At">After which byte.</param>
    /// <param name="Before">What stands between the comma and the member; null: the object is empty.</param>
    private sealed record Gap(int At, string? Before);

    // Leaves the reader at the member's value; or says where the member would go.
    private Gap? Enter(ref Utf8JsonReader reader, string name)
    {
        var end = (int)reader.BytesConsumed;
        string? before = null;
        Utf8JsonReader found = default;
        var isFound = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            before = Blanks((int)reader.TokenStartIndex);
            var isMeant = reader.ValueTextEquals(name);
            reader.Read();
            if (isMeant && isFound)
                throw new ValueFormatException($"{name} stands twice in one object: remove one of them");
            if (isMeant)
            {
                found = reader;
                isFound = true;
            }
            reader.Skip();
            end = (int)reader.BytesConsumed;
        }
        if (!isFound)
            return new Gap(end, before);
        reader = found;
        return null;
    }

    private static void EnterElement(ref Utf8JsonReader reader, string index)
    {
        if (!int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted))
            throw new ValueFormatException($"{index} is no place in a list: write its number, from 0");
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i == wanted)
                return;
            reader.Skip();
        }
        throw new ValueFormatException($"the list has no element {index}");
    }

    // What stands before a member in its line, so that a new one stands below it in the same way.
    private string Blanks(int at)
    {
        var from = at;
        while (from > 0 && bytes[from - 1] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            from--;
        var blanks = Encoding.UTF8.GetString(bytes[from..at]);
        var line = blanks.LastIndexOf('\n');
        return line < 0 ? " " : blanks[(line > 0 && blanks[line - 1] == '\r' ? line - 1 : line)..];
    }

    private byte[] Insert(Gap gap, string name, string value) =>
        gap.Before is { } before
            ? Splice(gap.At, gap.At, $",{before}{name}: {value}")
            : Splice(gap.At, gap.At, $" {name}: {value}{(bytes[gap.At] == (byte)'}' ? " " : "")}");

    private byte[] Splice(int from, int to, string text) =>
        [.. bytes[..from], .. Encoding.UTF8.GetBytes(text), .. bytes[to..]];

    private string Way(int depth) => string.Join('.', key.Take(depth));
}
