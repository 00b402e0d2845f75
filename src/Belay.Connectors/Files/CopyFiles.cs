using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Files;

/// <summary>Inputs of <c>files.copy</c>.</summary>
public sealed record CopyFilesInputs
{
    /// <summary>A file, or a folder with all that is below it.</summary>
    [FileInput]
    public required string From { get; init; }

    /// <summary>Where the file, or the folder's content, shall stand. What stands there besides is left alone.</summary>
    public required string To { get; init; }

    /// <summary>Permission bits of the copies, octal. Default: as the originals.</summary>
    public string? Mode { get; init; }
}

/// <summary>What <c>files.copy</c> sees.</summary>
public sealed record CopyFilesState
{
    /// <summary>Each file to copy.</summary>
    public required ImmutableArray<CopiedFile> Files { get; init; }

    /// <summary>Folders (absolute) that are needed and not there, each before those inside it.</summary>
    public required ImmutableArray<string> MissingFolders { get; init; }
}

/// <summary>A file to copy.</summary>
public sealed record CopiedFile
{
    /// <summary>Where the copy shall stand (absolute).</summary>
    public required string Target { get; init; }

    /// <summary>SHA-256 of the original.</summary>
    public required string Wanted { get; init; }

    /// <summary>The mode that the copy shall have, octal.</summary>
    public required string Mode { get; init; }

    /// <summary>What stands there now; null when nothing does.</summary>
    public FileImage? Now { get; init; }

    internal bool IsDone => Now?.Sha256 == Wanted && Now?.Mode == Mode;
}

/// <summary><c>files.copy</c>: copies a file or a folder.</summary>
internal sealed class CopyFiles(CopyFilesInputs inputs, IScope scope) : IChange<CopyFilesState>
{
    private readonly string from = scope.PathOf(inputs.From);
    private readonly string to = scope.PathOf(inputs.To);

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<CopyFilesInputs, CopyFilesState>(
            "files.copy",
            "Copies a file or a folder",
            options => new CopyFilesJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch(FileInputs.Resource(inputs.From), TouchKind.Read),
                    new Touch(FileInputs.Resource(inputs.To), TouchKind.Modify),
                ],
            (inputs, scope) => new CopyFiles(inputs, scope),
            validate: inputs =>
                [
                    .. FileInputs.Problems(inputs.From, member: "from"),
                    .. FileInputs.Problems(inputs.To, inputs.Mode, "to"),
                ]
        );

    public Repeat Repeat => Repeat.Safe;

    public ValueTask<CopyFilesState> ObserveAsync(CancellationToken ct)
    {
        var files = Sources()
            .Select(source =>
            {
                ct.ThrowIfCancellationRequested();
                var original = LocalFile.Read(source)!;
                return new CopiedFile
                {
                    Target = TargetOf(source),
                    Wanted = original.Sha256,
                    Mode = FileInputs.Mode(inputs.Mode) is { } mode ? FileImage.ModeText(mode) : original.Mode,
                    Now = LocalFile.Read(TargetOf(source)),
                };
            })
            .ToImmutableArray();
        var missing = files.SelectMany(f => Above(f.Target)).Where(f => !Directory.Exists(f)).Distinct().Order();
        return ValueTask.FromResult(new CopyFilesState { Files = files, MissingFolders = [.. missing] });
    }

    public Difference Plan(CopyFilesState observed)
    {
        var left = observed.Files.Where(file => !file.IsDone).ToArray();
        return left.Length == 0
            ? Difference.None
            : Difference.Of(
                left.Any(file => file.Now is { Content: null }) ? Reversal.Never : Reversal.Exact,
                left.Select(file => new DifferenceLine(
                    $"file {file.Target}",
                    file.Now?.Words(),
                    $"sha256 {file.Wanted[..12]}, mode {file.Mode}"
                ))
            );
    }

    public bool Same(CopyFilesState a, CopyFilesState b) =>
        a.MissingFolders.SequenceEqual(b.MissingFolders)
        && a.Files.Select(Identity).SequenceEqual(b.Files.Select(Identity));

    public async IAsyncEnumerable<Progress> ApplyAsync(
        CopyFilesState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var observed = await ObserveAsync(ct);
        foreach (var folder in observed.MissingFolders)
            LocalFile.CreateFolder(folder);
        var sources = Sources().ToDictionary(TargetOf, StringComparer.Ordinal);
        foreach (var (done, file) in observed.Files.Index())
        {
            yield return Progress.Count(done, observed.Files.Length, "files", file.Target);
            ct.ThrowIfCancellationRequested();
            if (!file.IsDone)
                LocalFile.Copy(sources[file.Target], file.Target, FileImage.ModeOf(file.Mode));
        }
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        CopyFilesState before,
        CopyFilesState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        foreach (var (done, file) in before.Files.Index())
        {
            yield return Progress.Count(done, before.Files.Length, "files", file.Target);
            var now = LocalFile.Read(file.Target);
            if (now?.Sha256 == file.Now?.Sha256 && now?.Mode == file.Now?.Mode)
                LocalFile.DeleteAside(file.Target);
            else if (file.Now is { } image)
                LocalFile.Write(file.Target, image.Read(), FileImage.ModeOf(image.Mode));
            else
                LocalFile.Delete(file.Target);
        }
        // The inner ones first. One in which somebody put something since stays.
        foreach (var folder in before.MissingFolders.Reverse())
            LocalFile.DeleteEmptyFolder(folder);
        await Task.CompletedTask;
    }

    private IReadOnlyList<string> Sources() => FilePattern.Find(from, scope.PlanFolder);

    private string TargetOf(string source) =>
        source == from ? to : Path.Combine(to, Path.GetRelativePath(from, source));

    private static IEnumerable<string> Above(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }

    private static (string, string?, string?) Identity(CopiedFile file) =>
        (file.Target, file.Now?.Sha256, file.Now?.Mode);
}

[JsonSerializable(typeof(CopyFilesInputs))]
[JsonSerializable(typeof(CopyFilesState))]
internal sealed partial class CopyFilesJson : JsonSerializerContext;
