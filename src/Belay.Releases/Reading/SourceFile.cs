using Belay.Formats;

namespace Belay.Releases.Reading;

/// <summary>A text file, read within limits.</summary>
/// <param name="Shown">Its name in messages.</param>
/// <param name="Text">What it holds, a byte order mark left out.</param>
/// <param name="HasMark">Whether it begins with a byte order mark.</param>
public sealed record SourceFile(string Shown, string Text, bool HasMark = false)
{
    /// <summary>The greatest file that is read, in bytes: 4 MiB.</summary>
    public const int GreatestBytes = 4 * 1024 * 1024;

    /// <summary>Reads a file that must be there.</summary>
    /// <param name="path">The file; links are followed.</param>
    /// <exception cref="ReleaseProblemException">It is not there, is too large, may not be read, or is no UTF-8.</exception>
    public static SourceFile Read(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw Problem(path, "is a folder", "name a file");
            using var stream = File.OpenRead(path);
            if (stream.CanSeek && stream.Length > GreatestBytes)
                throw TooLarge(path);
            // A pipe has no length: never read more than the limit and one byte.
            var content = new byte[GreatestBytes + 1];
            var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length > GreatestBytes)
                throw TooLarge(path);
            var file = TextFile.Read(content[..length]);
            return new SourceFile(path, file.Text, file.HasMark);
        }
        catch (ValueFormatException e)
        {
            throw Problem(path, e.Message, "save it as UTF-8");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Problem(path, $"cannot be read: {Reason(e)}", null);
        }
    }

    /// <summary>The bytes that this file would have with another text.</summary>
    public byte[] With(string text) => new TextFile(text, HasMark).With(text);

    /// <summary>Why the system refused, without a path.</summary>
    internal static string Reason(Exception e) =>
        e switch
        {
            FileNotFoundException or DirectoryNotFoundException => "it is not there",
            UnauthorizedAccessException => "access is denied",
            // ELOOP, as .NET words it.
            _ when e.Message.Contains("symbolic link", StringComparison.OrdinalIgnoreCase) =>
                "its links lead in a circle",
            _ => e.Message,
        };

    private static ReleaseProblemException TooLarge(string path) =>
        Problem(
            path,
            $"is larger than {GreatestBytes / 1024 / 1024} MB",
            "no template or values file is: name another one"
        );

    private static ReleaseProblemException Problem(string path, string message, string? hint) =>
        new(new ReleaseProblem(path, 1, 1, message, hint));
}
