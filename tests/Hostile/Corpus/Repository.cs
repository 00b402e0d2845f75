using System.Runtime.CompilerServices;

namespace Hostile.Corpus;

/// <summary>Where the good inputs lie: the plans, journals and environments of the repository itself.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath("../../..", Path.GetDirectoryName(ThisFile())!);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>Copies a folder with all that is below it.</summary>
    public static void Copy(string relative, string to)
    {
        var from = PathOf(relative);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
