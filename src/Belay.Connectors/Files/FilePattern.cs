using System.Text;
using System.Text.RegularExpressions;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;

namespace Belay.Connectors.Files;

/// <summary>Finds files by a path, a folder (all below it), or a pattern: <c>*</c> and <c>?</c> inside a name, <c>**</c> over folders.</summary>
internal static class FilePattern
{
    private static readonly EnumerationOptions AllBelow = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    /// <summary>The files, sorted; links are not followed.</summary>
    /// <exception cref="OperationException">Refused: no file is there, or a folder may not be read. No data is not a pass.</exception>
    public static IReadOnlyList<string> Find(string pattern, string planFolder)
    {
        var found = FindAny(pattern, planFolder);
        return found.Count > 0
            ? found
            : throw OperationException.Refused(
                $"no file matches {Path.GetFullPath(pattern, planFolder)}: nothing was looked at"
            );
    }

    /// <summary>The same, where it is no fault that there is none.</summary>
    public static IReadOnlyList<string> FindAny(string pattern, string planFolder)
    {
        var full = Path.GetFullPath(pattern, planFolder);
        return LocalFile.Guard(full, () => Matches(full).Order(StringComparer.Ordinal).ToArray());
    }

    private static IEnumerable<string> Matches(string full)
    {
        if (File.Exists(full))
            return [full];
        if (Directory.Exists(full))
            return Directory.EnumerateFiles(full, "*", AllBelow);
        var wild = full.AsSpan().IndexOfAny('*', '?');
        var root = wild < 0 ? full : full[..full.LastIndexOf('/', wild)];
        if (wild < 0 || !Directory.Exists(root))
            return [];
        var shape = new Regex(Shape(full), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return Directory.EnumerateFiles(root.Length == 0 ? "/" : root, "*", AllBelow).Where(f => shape.IsMatch(f));
    }

    private static string Shape(string pattern)
    {
        var shape = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest.StartsWith("**/"))
            {
                shape.Append("(.*/)?");
                i += 2;
            }
            else if (rest.StartsWith("**"))
            {
                shape.Append(".*");
                i++;
            }
            else
            {
                shape.Append(
                    pattern[i] switch
                    {
                        '*' => "[^/]*",
                        '?' => "[^/]",
                        var c => Regex.Escape(c.ToString()),
                    }
                );
            }
        }
        return shape.Append('$').ToString();
    }
}
