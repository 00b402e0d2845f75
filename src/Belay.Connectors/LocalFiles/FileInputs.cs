using Belay.Domain.Operations;

namespace Belay.Connectors.LocalFiles;

/// <summary>What the inputs of all file operations have in common.</summary>
internal static class FileInputs
{
    /// <summary>The resource of a file or folder, named as the plan names it.</summary>
    public static string Resource(string path) => $"file:{Normal(path)}";

    /// <summary>Permission bits of an input that was validated.</summary>
    public static UnixFileMode? Mode(string? text) => text is null ? null : FileImage.ModeOf(text);

    /// <summary>What is wrong with a path and a mode.</summary>
    public static IEnumerable<InputProblem> Problems(string path, string? mode = null, string member = "path")
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            yield return new InputProblem(member, "is no path: name a file, absolute or relative to the plan");
        if (mode is not null && FileImage.ModeOf(mode) is null)
            yield return new InputProblem("mode", $"{mode} is no file mode: write octal digits, such as 0640");
    }

    // Two ways to write one path must give one resource. The root stands for the plan's folder, which only the run knows.
    private static string Normal(string path) =>
        Path.IsPathRooted(path) ? Path.GetFullPath(path) : Path.GetRelativePath("/", Path.GetFullPath(path, "/"));
}
