using System.Collections.Immutable;
using System.Security.Cryptography;
using ConnectorKit;

namespace Belay.Connectors.Tests.Files;

/// <summary>What the fixtures of all file operations share: the live system is every file of the plan's folder.</summary>
internal abstract class FilesFixture : ChangeFixture
{
    public override KitProgram Program => TestProgram.Instance;

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ValueTask.FromResult(FileSnapshot.Of(PlanFolder));

    protected void Write(string path, string content) => Folder.Write(Path.Combine("plan", path), content);
}

internal static class FileSnapshot
{
    public static ImmutableSortedDictionary<string, string> Of(string folder) =>
        Directory
            .EnumerateFiles(
                folder,
                "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
            )
            .ToImmutableSortedDictionary(
                path => $"file:{Path.GetRelativePath(folder, path)}",
                path =>
                    $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))} {File.GetUnixFileMode(path)}"
            );
}
