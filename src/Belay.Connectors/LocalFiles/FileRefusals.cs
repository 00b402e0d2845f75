using Belay.Domain.Contract;

namespace Belay.Connectors.LocalFiles;

/// <summary>What the file system says no to, in words that name the path and what to do.</summary>
internal static class FileRefusals
{
    // Error numbers of Linux (errno(3)), the same on every architecture that .NET runs on.
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int OverQuota = 122;

    /// <summary>The refusal that a failed access to a path means.</summary>
    public static OperationException Of(string path, Exception e) =>
        OperationException.Refused(
            e switch
            {
                UnauthorizedAccessException =>
                    $"{path}: the user {Environment.UserName} has no permission: grant it on the file and its folder, or run Belay as a user that has it",
                FileNotFoundException or DirectoryNotFoundException => $"{path}: {e.Message}",
                { HResult: NoSpace or OverQuota } =>
                    $"{path}: the disk is full, or the quota is used up. Free some space, then go on; what stood there is unchanged",
                { HResult: ReadOnly } =>
                    $"{path}: the file system is read-only. Mount it writable, or name another path in the plan",
                _ => $"{path}: {e.Message}",
            },
            e
        );

    /// <summary>Refuses a folder that is not there, or is none.</summary>
    /// <exception cref="UnauthorizedAccessException">Whether it is there may not be seen.</exception>
    public static void RequireFolder(string folder)
    {
        RefuseFileAsFolder(folder);
        if (!IsThere(folder))
            throw OperationException.Refused(
                $"there is no folder {folder}: make it in an earlier step, or correct the path in the plan"
            );
    }

    /// <summary>Refuses a path of which a part, or the whole, is a file where a folder is needed.</summary>
    public static void RefuseFileAsFolder(string folder)
    {
        for (var part = folder; part is not null; part = Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
                throw OperationException.Refused(
                    $"{part} is a file, and a folder is meant: correct the path in the plan, or move the file away"
                );
        }
    }

    /// <summary>Refuses a folder where a file is meant.</summary>
    public static void RefuseFolder(string path)
    {
        if (Directory.Exists(path))
            throw OperationException.Refused(
                $"{path} is a folder, and a file is meant: correct the path in the plan, or move the folder away"
            );
    }

    /// <summary>Refuses a link rather than following it: a rename would replace the link, and the plan would touch what it does not name.</summary>
    public static void RefuseLink(FileInfo file)
    {
        if (file.LinkTarget is { } target)
            throw OperationException.Refused(
                $"{file.FullName} is a symbolic link to {target}: name the file itself in the plan"
            );
    }

    /// <summary>Whether something is there. Unlike <see cref="File.Exists"/> it does not take what may not be seen for nothing.</summary>
    /// <exception cref="UnauthorizedAccessException">It may not be seen.</exception>
    public static bool IsThere(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }
}
