using System.Text;

namespace Belay.Formats;

/// <summary>A text that is edited in place: what is not edited stays byte for byte.</summary>
/// <param name="Text">The text, a byte order mark left out.</param>
/// <param name="HasMark">Whether the file begins with a byte order mark.</param>
internal sealed record TextFile(string Text, bool HasMark)
{
    private const char Mark = '\uFEFF';
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>How the file ends its lines: as the first one ends.</summary>
    public string NewLine =>
        Text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var end && Text[end - 1] == '\r' ? "\r\n" : "\n";

    /// <summary>Reads a content.</summary>
    /// <exception cref="ValueFormatException">It is no UTF-8, so that writing it back would alter it.</exception>
    public static TextFile Read(byte[] content)
    {
        try
        {
            var text = Strict.GetString(content);
            return text.StartsWith(Mark) ? new TextFile(text[1..], true) : new TextFile(text, false);
        }
        catch (DecoderFallbackException)
        {
            throw new ValueFormatException("is no text in UTF-8: it cannot be edited in place");
        }
    }

    /// <summary>The file's content with another text.</summary>
    public byte[] With(string text) => Strict.GetBytes(HasMark ? Mark + text : text);
}
