using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Belay.Connectors.Redis.Wire;

/// <summary>One command. Its words hold one character a byte (Latin-1); <see cref="Words.FromText"/> makes such a word from text.</summary>
internal sealed record RespCommand(ImmutableArray<string> Arguments)
{
    public static RespCommand Of(params string[] arguments) => new([.. arguments]);

    /// <summary>The command's name, for messages; its arguments may be secret.</summary>
    public string Name => Arguments[0];

    /// <summary>Appends the command as an array of bulk strings (RESP; also the form of an append-only file).</summary>
    public void WriteTo(Stream stream)
    {
        WriteHeader(stream, '*', Arguments.Length);
        foreach (var argument in Arguments)
        {
            WriteHeader(stream, '$', argument.Length);
            stream.Write(Encoding.Latin1.GetBytes(argument));
            stream.Write("\r\n"u8);
        }
    }

    private static void WriteHeader(Stream stream, char kind, int length)
    {
        Span<byte> line = stackalloc byte[14];
        line[0] = (byte)kind;
        length.TryFormat(line[1..], out var digits, provider: CultureInfo.InvariantCulture);
        "\r\n"u8.CopyTo(line[(digits + 1)..]);
        stream.Write(line[..(digits + 3)]);
    }
}

/// <summary>Between text and words of one character a byte.</summary>
internal static class Words
{
    /// <summary>The word whose bytes are the text in UTF-8.</summary>
    public static string FromText(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The text of a word whose bytes are UTF-8.</summary>
    public static string ToUtf8(string word) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(word));

    /// <summary>A word as people read it: UTF-8 where it is that, control characters escaped, at most 120 characters.</summary>
    public static string ToText(string word)
    {
        var text = new StringBuilder();
        foreach (var c in ToUtf8(word).Take(120))
            text.Append(char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString());
        return text.ToString();
    }
}
