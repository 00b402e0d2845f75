using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;

namespace Belay.Connectors.Logs;

/// <summary>Reads a log that others write, and that is rotated meanwhile.</summary>
internal static class LogFile
{
    /// <summary>Opens it without standing in its writer's way.</summary>
    public static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Its inode.</summary>
    public static long InodeOf(string path) => Posix.InodeOf(path);

    /// <summary>The whole lines behind a place: of the file that has the place, and of those that came after it by rotation.</summary>
    /// <param name="path">The log (absolute).</param>
    /// <param name="from">The place; null: the file's beginning.</param>
    /// <exception cref="OperationException">Refused: the file that had the place is gone, or was cut, so what stood behind it cannot be known.</exception>
    public static IEnumerable<string> Lines(string path, LogPlace? from)
    {
        if (from is null || InodeOf(path) == from.Inode)
            return Read(path, from?.Offset ?? 0);
        var rotated = Rotated(path, from.Inode);
        return Read(rotated, from.Offset).Concat(Read(path, 0));
    }

    // Only the latest rotation is followed: after two of them a file between would be missed.
    private static string Rotated(string path, long inode)
    {
        var newest = Directory
            .EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}*")
            .Where(file => file != path)
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .FirstOrDefault();
        return newest is not null && InodeOf(newest) == inode
            ? newest
            : throw OperationException.Refused(
                $"{path} was rotated away since its place was noted, and the file before it is not the one that had the place: what stood there cannot be read"
            );
    }

    private static IEnumerable<string> Read(string file, long offset)
    {
        using var stream = Open(file);
        if (stream.Length < offset)
            throw OperationException.Refused(
                $"{file} is shorter than when its place was noted: it was cut, and what stood there cannot be read"
            );
        stream.Seek(offset, SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
