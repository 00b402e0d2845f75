using System.Security.Cryptography;
using Belay.Domain.Contract;

namespace Belay.Connectors.Files;

/// <summary>Reads and writes whole files. A write is seen as a whole or not at all, also after a power cut.</summary>
internal static class FileAccess
{
    /// <summary>The greatest file, in bytes, whose content is kept in a state: 16 MiB.</summary>
    public const long LongestImage = 16 * 1024 * 1024;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The image of a file; null when there is none.</summary>
    /// <exception cref="OperationException">Refused: it is no plain file, or may not be read.</exception>
    public static FileImage? Read(string path) =>
        Guard(
            path,
            () =>
            {
                var info = new FileInfo(path);
                RefuseOthers(info);
                if (!info.Exists)
                    return null;
                var mode = File.GetUnixFileMode(path);
                return info.Length <= LongestImage ? FileImage.Of(File.ReadAllBytes(path), mode) : HashOnly(info, mode);
            }
        );

    /// <summary>Replaces a file, or makes it: written aside in the same folder, flushed, renamed over the old one. Owner and mode stay.</summary>
    /// <param name="path">The file (absolute).</param>
    /// <param name="content">All of its content.</param>
    /// <param name="mode">Its mode; null: the old file's, or 0644 for a new one.</param>
    /// <exception cref="OperationException">Refused: there is no such folder, no right, no space, or the path is a link.</exception>
    public static void Write(string path, byte[]? content, UnixFileMode? mode) =>
        Write(
            path,
            target =>
                target.Write(
                    content
                        ?? throw OperationException.Refused(
                            $"{path} was too large for its content to be kept: bring it back from a backup"
                        )
                ),
            mode
        );

    /// <summary>The same, for a content of any length, written into a stream.</summary>
    public static void Write(string path, Action<Stream> content, UnixFileMode? mode)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw OperationException.Refused($"{path}: there is no folder {Path.GetDirectoryName(path)}");
        try
        {
            var old = new FileInfo(path);
            RefuseOthers(old);
            var aside = Aside(path);
            WriteAside(aside, content);
            if (old.Exists && Posix.OwnerOf(path) is var owner && Posix.OwnerOf(aside) != owner)
                Posix.SetOwner(aside, owner);
            File.SetUnixFileMode(aside, mode ?? (old.Exists ? old.UnixFileMode : DefaultMode));
            File.Move(aside, path, overwrite: true);
            Posix.FlushFolder(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(Aside(path));
            throw Refusal(path, e);
        }
    }

    /// <summary>Copies a file of any length over another one, or to a new one.</summary>
    public static void Copy(string source, string target, UnixFileMode? mode) =>
        Write(
            target,
            into =>
            {
                using var from = File.OpenRead(source);
                from.CopyTo(into);
            },
            mode
        );

    /// <summary>The content of a file that must be there; links are followed, nothing is written.</summary>
    /// <exception cref="OperationException">Refused: it is not there, or may not be read.</exception>
    public static byte[] ReadExisting(string path) => Guard(path, () => File.ReadAllBytes(path));

    /// <summary>The lines of a file that must be there.</summary>
    /// <exception cref="OperationException">Refused: it is not there, or may not be read.</exception>
    public static string[] ReadLines(string path) => Guard(path, () => File.ReadAllLines(path));

    /// <summary>SHA-256 of a file that must be there, lower-case hex.</summary>
    /// <exception cref="OperationException">Refused: it is not there, or may not be read.</exception>
    public static string Hash(string path) =>
        Guard(
            path,
            () =>
            {
                using var stream = File.OpenRead(path);
                return Convert.ToHexStringLower(SHA256.HashData(stream));
            }
        );

    /// <summary>Removes a file and what an interrupted write left beside it. Nothing there is no error.</summary>
    public static void Delete(string path) =>
        Guard(
            path,
            () =>
            {
                File.Delete(path);
                File.Delete(Aside(path));
                Posix.FlushFolder(Path.GetDirectoryName(path)!);
                return true;
            }
        );

    /// <summary>Runs an access to a path; what the system refuses becomes a typed failure.</summary>
    public static T Guard<T>(string path, Func<T> access)
    {
        try
        {
            return access();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refusal(path, e);
        }
    }

    /// <summary>Where a new content is written before it takes the file's name; the same every time, so that an interrupted write is overwritten by the next.</summary>
    public static string Aside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.belay-new");

    private static UnixFileMode DefaultMode => Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static void WriteAside(string aside, Action<Stream> content)
    {
        File.Delete(aside);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = System.IO.FileAccess.Write,
            UnixCreateMode = Private,
        };
        using var stream = new FileStream(aside, options);
        content(stream);
        stream.Flush(flushToDisk: true);
    }

    private static FileImage HashOnly(FileInfo info, UnixFileMode mode) =>
        new()
        {
            Sha256 = Hash(info.FullName),
            Bytes = info.Length,
            Mode = FileImage.ModeText(mode),
        };

    // A link is refused rather than followed: a rename would replace the link, and the plan would touch what it does not name.
    private static void RefuseOthers(FileInfo info)
    {
        if (info.LinkTarget is { } target)
            throw OperationException.Refused(
                $"{info.FullName} is a symbolic link to {target}: name the file itself in the plan"
            );
        if (Directory.Exists(info.FullName))
            throw OperationException.Refused($"{info.FullName} is a folder, and a file is meant");
    }

    private static OperationException Refusal(string path, Exception e) =>
        OperationException.Refused($"{path}: {e.Message}", e);
}
