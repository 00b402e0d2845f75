using System.Security.Cryptography;
using Belay.Domain.Contract;

namespace Belay.Connectors.LocalFiles;

/// <summary>Reads and writes whole files. A write is seen as a whole or not at all, also after a power cut.</summary>
internal static class LocalFile
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
                if (!FileRefusals.IsThere(path))
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

    /// <summary>The same, for a content of any length, written into a stream. Refused, it leaves all as it was.</summary>
    public static void Write(string path, Action<Stream> content, UnixFileMode? mode) =>
        Guard(
            path,
            () =>
            {
                FileRefusals.RequireFolder(FolderOf(path));
                var old = new FileInfo(path);
                RefuseOthers(old);
                // Opened first: a folder that cannot be flushed is refused before anything has changed.
                using var folder = Posix.OpenFolder(FolderOf(path));
                var aside = Aside(path);
                try
                {
                    WriteAside(aside, content);
                    if (old.Exists && Posix.OwnerOf(path) is var owner && Posix.OwnerOf(aside) != owner)
                        Posix.SetOwner(aside, owner);
                    File.SetUnixFileMode(aside, mode ?? (old.Exists ? old.UnixFileMode : DefaultMode));
                    File.Move(aside, path, overwrite: true);
                }
                catch
                {
                    Sweep(aside);
                    throw;
                }
                Posix.Flush(folder, FolderOf(path));
                return true;
            }
        );

    /// <summary>Copies a file of any length over another one, or to a new one.</summary>
    public static void Copy(string source, string target, UnixFileMode? mode) =>
        Write(
            target,
            into =>
            {
                using var from = Guard(source, () => File.OpenRead(source));
                from.CopyTo(into);
            },
            mode
        );

    /// <summary>The content of a file that must be there; links are followed, nothing is written.</summary>
    /// <exception cref="OperationException">Refused: it is not there, or may not be read.</exception>
    public static byte[] ReadExisting(string path) =>
        Guard(
            path,
            () =>
            {
                FileRefusals.RefuseFolder(path);
                return File.ReadAllBytes(path);
            }
        );

    /// <summary>The lines of a file that must be there.</summary>
    /// <exception cref="OperationException">Refused: it is not there, or may not be read.</exception>
    public static string[] ReadLines(string path) =>
        Guard(
            path,
            () =>
            {
                FileRefusals.RefuseFolder(path);
                return File.ReadAllLines(path);
            }
        );

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

    /// <summary>Removes a file and what an interrupted write left beside it. Nothing there, or no folder to be in, is no error.</summary>
    public static void Delete(string path) =>
        Guard(
            path,
            () =>
            {
                if (!Directory.Exists(FolderOf(path)))
                    return false;
                using var folder = Posix.OpenFolder(FolderOf(path));
                File.Delete(path);
                File.Delete(Aside(path));
                Posix.Flush(folder, FolderOf(path));
                return true;
            }
        );

    /// <summary>Removes what an interrupted write left beside a file, and touches nothing else.</summary>
    public static void DeleteAside(string path)
    {
        if (File.Exists(Aside(path)))
            Guard(
                path,
                () =>
                {
                    File.Delete(Aside(path));
                    return true;
                }
            );
    }

    /// <summary>Gives a file another name on the same file system.</summary>
    /// <exception cref="OperationException">Refused: no right, no folder for the new name, or one on another file system.</exception>
    public static void Rename(string source, string target) =>
        Guard(
            $"renaming {source} to {target}",
            () =>
            {
                FileRefusals.RequireFolder(FolderOf(target));
                RefuseOthers(new FileInfo(target));
                // Between two file systems .NET copies, and a copy that ends half-way leaves two files.
                if (Posix.DeviceOf(source) != Posix.DeviceOf(FolderOf(target)))
                    throw OperationException.Refused(
                        $"{target} is on another file system than {source}: rename within one, or use files.copy"
                    );
                using var to = Posix.OpenFolder(FolderOf(target));
                using var from = Posix.OpenFolder(FolderOf(source));
                File.Move(source, target);
                Posix.Flush(to, FolderOf(target));
                Posix.Flush(from, FolderOf(source));
                return true;
            }
        );

    /// <summary>Makes a folder and those above it; one that is there is no error.</summary>
    /// <exception cref="OperationException">Refused: a file stands in the way, no right, or no space.</exception>
    public static void CreateFolder(string folder) =>
        Guard(
            folder,
            () =>
            {
                FileRefusals.RefuseFileAsFolder(folder);
                return Directory.CreateDirectory(folder);
            }
        );

    /// <summary>Removes a folder unless something is in it. Nothing there is no error.</summary>
    public static void DeleteEmptyFolder(string folder) =>
        Guard(
            folder,
            () =>
            {
                if (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any())
                    return false;
                Directory.Delete(folder);
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
            throw FileRefusals.Of(path, e);
        }
    }

    /// <summary>Where a new content is written before it takes the file's name; the same every time, so that an interrupted write is overwritten by the next.</summary>
    public static string Aside(string path) => Path.Combine(FolderOf(path), $".{Path.GetFileName(path)}.belay-new");

    private static UnixFileMode DefaultMode => Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static void WriteAside(string aside, Action<Stream> content)
    {
        File.Delete(aside);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
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

    private static string FolderOf(string path) => Path.GetDirectoryName(path)!;

    // What the write failed of is what must be told, not that its remains could not be removed either.
    private static void Sweep(string aside)
    {
        try
        {
            File.Delete(aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    private static void RefuseOthers(FileInfo info)
    {
        FileRefusals.RefuseLink(info);
        FileRefusals.RefuseFolder(info.FullName);
    }
}
