using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Files;

/// <summary>Inputs of <c>files.backup</c>.</summary>
public sealed record BackupFilesInputs
{
    /// <summary>Files, and folders with all that is below them.</summary>
    public required ImmutableArray<string> Paths { get; init; }

    /// <summary>The archive (tar) to write, mode 0600. Its folder is made when it is missing. An archive of another run is never overwritten.</summary>
    public required string To { get; init; }
}

/// <summary>What <c>files.backup</c> sees: the archive of this step of this run.</summary>
public sealed record BackupFilesState
{
    /// <summary>The archive (absolute path).</summary>
    public required string Archive { get; init; }

    /// <summary>The moment (UTC) at which it was begun; null when this run has not written it.</summary>
    public DateTimeOffset? Taken { get; init; }

    /// <summary>SHA-256 of the archive.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How many files it holds.</summary>
    public int? Files { get; init; }
}

/// <summary><c>files.backup</c>: saves files into an archive, proves it by reading it back, and can restore it.</summary>
internal sealed class BackupFiles(BackupFilesInputs inputs, IScope scope) : IBackup<BackupFilesState>
{
    private readonly string archive = scope.PathOf(inputs.To);

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Backup<BackupFilesInputs, BackupFilesState>(
            "files.backup",
            "Saves files into an archive, proves it by reading it back, and can restore it",
            options => new BackupFilesJson(options),
            inputs =>
                [
                    .. inputs.Paths.Select(path => new Touch(FileInputs.Resource(path), TouchKind.BackUp)),
                    new Touch(FileInputs.Resource(inputs.To), TouchKind.Create),
                ],
            (inputs, scope) => new BackupFiles(inputs, scope),
            inputs =>
                inputs.Paths.IsEmpty
                    ? [new InputProblem("paths", "is empty: nothing would be saved")]
                    : FileInputs.Problems(inputs.To, member: "to")
        );

    public Repeat Repeat => Repeat.Safe;

    public ValueTask<BackupFilesState> ObserveAsync(CancellationToken ct) =>
        ValueTask.FromResult(
            Archive.Read(archive) is { } content && content.Token == scope.Token
                ? new BackupFilesState
                {
                    Archive = archive,
                    Taken = content.Taken,
                    Sha256 = LocalFile.Hash(archive),
                    Files = content.Files.Count,
                }
                : new BackupFilesState { Archive = archive }
        );

    public Difference Plan(BackupFilesState observed) =>
        observed.Taken is not null
            ? Difference.None
            : Difference.Of(Reversal.Exact, new DifferenceLine("archive", null, archive));

    public bool Same(BackupFilesState a, BackupFilesState b) => a.Sha256 == b.Sha256;

    public async IAsyncEnumerable<Progress> ApplyAsync(
        BackupFilesState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if ((await ObserveAsync(ct)).Taken is not null)
            yield break;
        if (File.Exists(archive))
            throw OperationException.Refused(
                $"{archive} exists and is of another run: name another file, or move it away"
            );
        foreach (var path in inputs.Paths)
            _ = FilePattern.Find(path, scope.PlanFolder);
        var files = Live();
        yield return Progress.Count(0, files.Count, "files", "saving");
        LocalFile.CreateFolder(Path.GetDirectoryName(archive)!);
        LocalFile.Write(archive, s => Archive.Write(s, scope.Token, scope.Now(), files.Keys), OwnerOnly);
        yield return Progress.Count(files.Count, files.Count, "files", "proving");
        Prove(files);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        BackupFilesState before,
        BackupFilesState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if ((await ObserveAsync(ct)).Taken is null)
            yield break;
        yield return Progress.Say($"removing {archive}");
        LocalFile.Delete(archive);
    }

    public ValueTask<Loss> CountLossAsync(BackupFilesState after, CancellationToken ct) =>
        ValueTask.FromResult(
            new Loss
            {
                Count = Changed().Count,
                Unit = "files changed",
                Since = after.Taken!.Value,
            }
        );

    public async IAsyncEnumerable<Progress> RestoreAsync(
        BackupFilesState after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var saved = Saved();
        yield return Progress.Count(0, saved.Files.Count, "files", "restoring");
        Archive.ForEach(archive, Restore);
        foreach (var created in Live().Keys.Where(file => !saved.Files.ContainsKey(file)))
            LocalFile.Delete(created);
        await Task.CompletedTask;
    }

    public ValueTask<Verdict> VerifyRestoredAsync(BackupFilesState after, CancellationToken ct) =>
        ValueTask.FromResult(
            Changed() is [_, ..] changed
                ? new Verdict.Broken($"not as saved: {string.Join(", ", changed.Take(5))}")
                : Verdict.Ok
        );

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The files as they are now: SHA-256 by absolute path; the archive itself left out.</summary>
    private ImmutableSortedDictionary<string, string> Live() =>
        inputs
            .Paths.SelectMany(path => FilePattern.FindAny(path, scope.PlanFolder))
            .Where(file => file != archive && file != LocalFile.Aside(archive))
            .Distinct(StringComparer.Ordinal)
            .ToImmutableSortedDictionary(file => file, LocalFile.Hash, StringComparer.Ordinal);

    private ArchiveContent Saved() =>
        Archive.Read(archive)
        ?? throw OperationException.Refused($"{archive} is gone or damaged: nothing can be restored from it");

    private List<string> Changed()
    {
        var (saved, live) = (Saved().Files, Live());
        return [.. saved.Keys.Union(live.Keys).Where(f => saved.GetValueOrDefault(f) != live.GetValueOrDefault(f))];
    }

    // A file that was written to while it was saved is no copy of any moment: the backup counts only when nothing changed.
    private void Prove(ImmutableSortedDictionary<string, string> files)
    {
        var saved = Saved().Files;
        if (saved.SequenceEqual(files) && Live().SequenceEqual(files))
            return;
        LocalFile.Delete(archive);
        throw OperationException.Refused(
            $"files under {string.Join(", ", inputs.Paths)} changed while they were saved: stop what writes there first"
        );
    }

    private static void Restore(string path, Stream content, UnixFileMode mode)
    {
        LocalFile.CreateFolder(Path.GetDirectoryName(path)!);
        LocalFile.Write(path, content.CopyTo, mode);
    }
}

[JsonSerializable(typeof(BackupFilesInputs))]
[JsonSerializable(typeof(BackupFilesState))]
internal sealed partial class BackupFilesJson : JsonSerializerContext;
