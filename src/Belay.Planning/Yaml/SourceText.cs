using System.Security.Cryptography;
using System.Text;
using Belay.Domain.Plans;

namespace Belay.Planning.Yaml;

/// <summary>The text of a file and its hash, read within limits.</summary>
internal sealed record SourceText(string Shown, string Text, string Sha256)
{
    /// <summary>The greatest file that is read, in bytes.</summary>
    public const int GreatestBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>Reads a file; null after reporting why it cannot be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">Its name in diagnostics.</param>
    /// <param name="problems">Takes the diagnostics.</param>
    /// <param name="usedAt">The place that names the file; null when a person named it.</param>
    public static SourceText? Read(string path, string shown, Problems problems, SourcePosition? usedAt = null)
    {
        var at = usedAt ?? new SourcePosition(shown, 1, 1);
        try
        {
            // What a person names may be a pipe. What a file names may be a terminal, for which nobody waits.
            var bytes =
                usedAt is not null && UsedFiles.LengthOf(path) == 0 && !Directory.Exists(path) ? [] : ReadLimited(path);
            if (bytes is not null)
                return Decode(bytes, shown, problems);
            problems.Report(
                DiagnosticCodes.Limit,
                new SourcePosition(shown, 1, 1),
                $"the file is larger than {GreatestBytes / 1024 / 1024} MB",
                "divide it with 'use'"
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Report(DiagnosticCodes.File, at, $"cannot read '{shown}': {Reason(e)}");
        }
        return null;
    }

    private static byte[]? ReadLimited(string path)
    {
        if (Directory.Exists(path))
            throw new IOException("it is a folder");
        using var stream = File.OpenRead(path);
        if (stream.CanSeek && stream.Length > GreatestBytes)
            return null;
        // A device has no length: never read more than the limit and one byte.
        var buffer = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (int read; (read = stream.Read(chunk)) > 0; )
        {
            buffer.Write(chunk.AsSpan(0, read));
            if (buffer.Length > GreatestBytes)
                return null;
        }
        return buffer.ToArray();
    }

    private static SourceText? Decode(byte[] bytes, string shown, Problems problems)
    {
        var content = bytes.AsSpan();
        if (content.StartsWith(Encoding.UTF8.Preamble))
            content = content[Encoding.UTF8.Preamble.Length..];
        var text = DecodeText(content, shown, problems);
        return text is null ? null : new SourceText(shown, text, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static string? DecodeText(ReadOnlySpan<byte> content, string shown, Problems problems)
    {
        string text;
        try
        {
            text = Strict.GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            var before = Encoding.UTF8.GetString(content[..Math.Clamp(e.Index, 0, content.Length)]);
            problems.Report(
                DiagnosticCodes.Encoding,
                PositionAfter(before, shown),
                "the file is not UTF-8 text",
                "save it as UTF-8"
            );
            return null;
        }
        var control = text.AsSpan().IndexOfAnyExceptInRange(' ', '\uFFFF') is var first and >= 0
            ? IndexOfControl(text, first)
            : -1;
        if (control < 0)
            return text;
        problems.Report(
            DiagnosticCodes.Encoding,
            PositionAfter(text[..control], shown),
            $"the control character U+{(int)text[control]:X4} cannot stand in a text file",
            text[control] == '\0' ? "leave it out" : "write it with an escape inside double quotes"
        );
        return null;
    }

    private static int IndexOfControl(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] is < ' ' and not ('\t' or '\n' or '\r'))
                return i;
        }
        return -1;
    }

    private static SourcePosition PositionAfter(string before, string shown) =>
        new TextLines(shown, before).At(before.Length);

    private static string Reason(Exception e) =>
        e switch
        {
            FileNotFoundException or DirectoryNotFoundException => "there is no such file",
            UnauthorizedAccessException => "access is denied",
            _ => e.Message,
        };
}
