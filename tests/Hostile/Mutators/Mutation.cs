using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hostile.Mutators;

/// <summary>Makes bad inputs of good ones. Whatever it does comes from the seed.</summary>
internal sealed class Mutation(Random random)
{
    /// <summary>No input is made longer than this by repeating.</summary>
    private const int GreatestLength = 60 * 1024;

    public Random Random => random;

    /// <summary>One of some.</summary>
    public T Any<T>(IReadOnlyList<T> some) => some[random.Next(some.Count)];

    /// <summary>True in one of so many cases.</summary>
    public bool OneIn(int cases) => random.Next(cases) == 0;

    /// <summary>How many changes: few most of the time, so that much of the input is still read.</summary>
    public int Times() =>
        OneIn(8) ? random.Next(3, 16)
        : OneIn(3) ? 2
        : 1;

    /// <summary>A text of lines, changed in places: as people and hostile people would, and as broken disks do.</summary>
    public byte[] Text(byte[] text, byte[] other)
    {
        for (var times = Times(); times > 0 && text.Length > 0; times--)
            text = OneIn(5) ? Bytes(text, other) : Line(text, other);
        return text;
    }

    /// <summary>One change of bytes.</summary>
    public byte[] Bytes(byte[] text, byte[] other)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(text.Length - at, random.Next(OneIn(4) ? 400 : 12));
        return random.Next(9) switch
        {
            0 when at < text.Length => Changed(text, at, (byte)(text[at] ^ (1 << random.Next(8)))),
            1 when at < text.Length => Changed(text, at, (byte)random.Next(256)),
            2 => Put(text, at, length, []),
            3 => Put(text, at, 0, text.AsSpan(at, length)),
            4 => Put(text, at, 0, Any(Scraps.Bytes)),
            5 => text[..at],
            6 => [.. text[..at], .. other[Math.Min(other.Length, random.Next(other.Length + 1))..]],
            7 => Put(text, at, 0, Repeated(text.Length)),
            _ => Put(text, at, length, Scraps.Utf8(Any(Scraps.Values))),
        };
    }

    /// <summary>One change of lines, keys or values.</summary>
    private byte[] Line(byte[] text, byte[] other)
    {
        // What is no UTF-8 stays what it is.
        var lines = new List<string>(Encoding.Latin1.GetString(text).Split('\n'));
        var at = random.Next(lines.Count);
        var strange = Encoding.Latin1.GetString(other).Split('\n');
        switch (random.Next(18))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(random.Next(lines.Count + 1), lines[at]);
                break;
            case 2:
                var with = random.Next(lines.Count);
                (lines[at], lines[with]) = (lines[with], lines[at]);
                break;
            case 3:
                lines.Insert(at, Any(strange));
                break;
            case 4:
                var from = random.Next(strange.Length);
                lines.InsertRange(at, strange.Skip(from).Take(random.Next(1, 12)));
                break;
            case 5:
                var some = Math.Min(lines.Count - at, random.Next(1, 8));
                lines.InsertRange(random.Next(lines.Count + 1), lines.GetRange(at, some));
                break;
            case 6:
                lines[at] = new string(' ', random.Next(1, 5)) + lines[at];
                break;
            case 7:
                lines[at] = lines[at].TrimStart(' ');
                break;
            case 8:
                lines[at] = OneIn(3) ? lines[at].Replace(' ', '\t') : lines[at] + "\r";
                break;
            case 9:
                lines[at] = Key(lines[at]);
                break;
            default:
                lines[at] = Value(lines[at], strange);
                break;
        }
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    /// <summary>Another word in the place of one of a line's words.</summary>
    private string Key(string line)
    {
        var words = line.Split(' ');
        words[random.Next(words.Length)] = Any(Scraps.Words) + (OneIn(2) ? ":" : "");
        return string.Join(' ', words);
    }

    /// <summary>Another value behind one of a line's colons, or in the place of one of a list's elements.</summary>
    private string Value(string line, string[] strange)
    {
        var places = Enumerable.Range(0, line.Length).Where(i => line[i] is ':' or ',' or '[' or '{' or '-').ToArray();
        if (places.Length == 0)
            return line + Latin(Any(Scraps.Values));
        var begin = Any(places) + 1;
        var end = line.IndexOfAny([',', ']', '}'], begin);
        var rest = end < 0 || OneIn(6) ? "" : line[end..];
        var value = OneIn(3) ? Part(Any(strange)) : Latin(Any(Scraps.Values));
        return $"{line[..begin]} {value}{rest}";

        string Part(string from) =>
            from.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0
                ? from[(colon + 1)..].Trim()
                : from.Trim();
    }

    private byte[] Repeated(int length)
    {
        var scrap = Scraps.Utf8(Any(Scraps.Nesting));
        var times = Math.Max(
            1,
            Math.Min(OneIn(3) ? 30_000 : random.Next(1, 200), (GreatestLength - length) / scrap.Length)
        );
        return [.. Enumerable.Repeat(scrap, times).SelectMany(part => part)];
    }

    /// <summary>A JSON text, changed at some of its nodes, so that it stays JSON most of the time.</summary>
    public byte[] Json(byte[] text, byte[] other)
    {
        var root = Parse(text);
        if (root is null || OneIn(12))
            return Bytes(text, other);
        for (var times = Times(); times > 0; times--)
            root = Node(root, Parse(other));
        var written = JsonSerializer.SerializeToUtf8Bytes(root, Deep);
        return OneIn(10) ? Bytes(written, other) : written;
    }

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1000 };

    private static JsonNode? Parse(byte[] text)
    {
        if (!System.Text.Unicode.Utf8.IsValid(text))
            return null;
        try
        {
            return JsonNode.Parse(
                text,
                documentOptions: new JsonDocumentOptions { MaxDepth = 200, AllowDuplicateProperties = false }
            );
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One change at one node.</summary>
    private JsonNode? Node(JsonNode? root, JsonNode? other)
    {
        var nodes = Places(root).ToArray();
        if (nodes.Length == 0)
            return JsonValue.Create(1);
        var (holder, key) = Any(nodes);
        switch (random.Next(9))
        {
            case 0 when holder is JsonObject map:
                map.Remove((string)key);
                break;
            case 0 when holder is JsonArray list:
                list.RemoveAt((int)key);
                break;
            case 1:
                Set(holder, key, null);
                break;
            case 2:
                var (from, at) = Any(nodes);
                Set(holder, key, Get(from, at)?.DeepClone());
                break;
            case 3 when holder is JsonArray list:
                for (var times = OneIn(10) ? 400 : 1; times > 0; times--)
                    list.Add(list[(int)key]?.DeepClone());
                break;
            case 3 when holder is JsonObject map:
                map[Any(Scraps.Words)] = Get(holder, key)?.DeepClone();
                break;
            case 4 when Places(other).ToArray() is { Length: > 0 } others:
                var (stranger, place) = Any(others);
                Set(holder, key, Get(stranger, place)?.DeepClone());
                break;
            case 5:
                Set(holder, key, Nested(OneIn(3) ? 150 : random.Next(1, 30), Get(holder, key)?.DeepClone()));
                break;
            default:
                Set(holder, key, Strange());
                break;
        }
        return root;
    }

    private JsonNode? Nested(int depth, JsonNode? inner)
    {
        for (; depth > 0; depth--)
            inner = OneIn(2) ? new JsonArray(inner) : new JsonObject { ["a"] = inner };
        return inner;
    }

    /// <summary>A value of any type.</summary>
    private JsonNode? Strange() =>
        random.Next(7) switch
        {
            0 => JsonValue.Create(Any<long>([0, -1, 1, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue])),
            1 => JsonValue.Create(Any<double>([0.5, -1e300, 1e300, double.Epsilon, -0.0])),
            2 => JsonValue.Create(OneIn(2)),
            3 => JsonValue.Create(Any(Scraps.Values).Trim('"')),
            4 => JsonValue.Create(new string('a', random.Next(1, 5000))),
            5 => OneIn(2) ? new JsonArray() : new JsonObject(),
            _ => JsonNode.Parse(
                Any<string>(["1e999", "123456789012345678901234567890", "-0", "1E+400", "\"\\u0000\""])
            ),
        };

    private static IEnumerable<(JsonNode Holder, object Key)> Places(JsonNode? root)
    {
        var waiting = new Stack<JsonNode?>([root]);
        while (waiting.TryPop(out var node))
        {
            if (node is JsonObject map)
            {
                foreach (var (name, value) in map)
                {
                    yield return (map, name);
                    waiting.Push(value);
                }
            }
            else if (node is JsonArray list)
            {
                for (var i = 0; i < list.Count; i++)
                {
                    yield return (list, i);
                    waiting.Push(list[i]);
                }
            }
        }
    }

    private static JsonNode? Get(JsonNode holder, object key) => key is int index ? holder[index] : holder[(string)key];

    private static void Set(JsonNode holder, object key, JsonNode? value)
    {
        if (key is int index)
            holder[index] = value;
        else
            holder[(string)key] = value;
    }

    private static byte[] Changed(byte[] text, int at, byte value)
    {
        byte[] changed = [.. text];
        changed[at] = value;
        return changed;
    }

    private static byte[] Put(byte[] text, int at, int length, ReadOnlySpan<byte> put) =>
        [.. text.AsSpan(0, at), .. put, .. text.AsSpan(at + length)];

    // Lines are kept as Latin-1 so that no byte is lost: what is put in between them must be, too.
    private static string Latin(string text) => Encoding.Latin1.GetString(Scraps.Utf8(text));
}
