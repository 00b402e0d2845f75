using System.Collections.Immutable;
using System.Security.Cryptography;
using Belay.Domain.Plans;
using Belay.Planning.Yaml;

namespace Belay.Planning;

/// <summary>The files that a plan uses, with their hashes: what an approval covers besides the tree.</summary>
/// <param name="planFolder">The plan's folder, absolute.</param>
internal sealed class UsedFiles(string planFolder)
{
    /// <summary>How many files a folder that an input names may hold.</summary>
    public const int GreatestCount = 10_000;

    private readonly SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
    private readonly HashSet<string> seen = [];

    public string PlanFolder { get; } = planFolder;

    public ImmutableArray<PlanFile> Sorted => [.. hashes.Select(h => new PlanFile(h.Key, h.Value))];

    /// <summary>A file that was read already.</summary>
    public void Add(string path, string sha256) => hashes[Relative(path)] = sha256;

    /// <summary>A file or folder that an input names.</summary>
    public void Add(ScalarNode named, Problems problems)
    {
        var path = Path.GetFullPath(named.Text.Replace("$${", "${", StringComparison.Ordinal), PlanFolder);
        if (!seen.Add(path))
            return;
        try
        {
            if (!Directory.Exists(path))
            {
                Hash(path);
            }
            else if (!TryHashFolder(path))
            {
                problems.Report(
                    DiagnosticCodes.Limit,
                    named.At,
                    $"the folder '{named.Text}' holds more than {GreatestCount} files"
                );
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Not remembered: each place that names it is told.
            seen.Remove(path);
            problems.Report(
                DiagnosticCodes.File,
                named.At,
                e is FileNotFoundException or DirectoryNotFoundException
                    ? $"there is no file or folder '{named.Text}'"
                    : $"cannot read '{named.Text}': {e.Message}",
                "a path begins at the plan's folder"
            );
        }
    }

    private bool TryHashFolder(string folder)
    {
        // Links are followed as the operation follows them; the depth ends a link that leads to itself.
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.None,
            IgnoreInaccessible = false,
            MaxRecursionDepth = 16,
        };
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", options))
        {
            if (++count > GreatestCount)
                return false;
            Hash(file);
        }
        return true;
    }

    private void Hash(string path)
    {
        using var stream = File.OpenRead(path);
        hashes[Relative(path)] = Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private string Relative(string path) => Path.GetRelativePath(PlanFolder, path);
}
