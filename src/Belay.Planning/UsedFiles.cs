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

    /// <summary>How many bytes all files together may have.</summary>
    public const long GreatestBytes = 8L * 1024 * 1024 * 1024;

    private readonly SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
    private readonly HashSet<string> seen = [];
    private long read;

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
            if (!(Directory.Exists(path) ? TryHashFolder(path) : TryHash(path)))
                problems.Report(
                    DiagnosticCodes.Limit,
                    named.At,
                    $"'{named.Text}' holds more than {GreatestCount} files, or the plan's files together more than {GreatestBytes / 1024 / 1024 / 1024} GB"
                );
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
            if (++count > GreatestCount || !TryHash(file))
                return false;
        }
        return true;
    }

    /// <returns>False when there is more than is read.</returns>
    private bool TryHash(string path)
    {
        // A device or a pipe has no length, and may have no end: it is never opened.
        var length = LengthOf(path);
        read += length;
        if (read > GreatestBytes)
            return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (length > 0)
        {
            using var stream = File.OpenRead(path);
            var chunk = new byte[(int)Math.Min(length, 128 * 1024)];
            for (
                int some;
                length > 0 && (some = stream.Read(chunk, 0, (int)Math.Min(length, chunk.Length))) > 0;
                length -= some
            )
                hash.AppendData(chunk, 0, some);
        }
        hashes[Relative(path)] = Convert.ToHexStringLower(hash.GetHashAndReset());
        return true;
    }

    /// <summary>How long a file is, links followed; 0 for a device or a pipe.</summary>
    public static long LengthOf(string path) =>
        new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length;

    private string Relative(string path) => Path.GetRelativePath(PlanFolder, path);
}
