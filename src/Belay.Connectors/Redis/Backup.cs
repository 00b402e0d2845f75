using System.Runtime.CompilerServices;
using System.Text.Json;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Redis;

/// <summary>Saves all keys of a server into a file, as of one moment, and proves the file by restoring it into a scratch server.</summary>
public sealed class Backup(BackupInputs inputs, IScope scope) : IBackup<BackupState>
{
    private static readonly TimeSpan DefaultFreeze = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastFreeze = TimeSpan.FromMilliseconds(200);
    private static readonly Lazy<BackupJson> Json = new(() => new BackupJson(BelayJson.NewOptions()));

    /// <summary>The operation's definition.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Backup<BackupInputs, BackupState>(
            "redis.backup",
            "Save all keys of a server into a file, and prove it by restoring it into a scratch server",
            options => new BackupJson(options),
            inputs =>
                [
                    new Touch($"redis:{inputs.Connection}", TouchKind.Freeze),
                    new Touch($"redis:{inputs.Connection}", TouchKind.BackUp) { Proven = true },
                    new Touch($"redis:{inputs.Connection}", TouchKind.Thaw),
                    new Touch($"redis:{inputs.Scratch}", TouchKind.Modify),
                    new Touch($"file:{inputs.To}", TouchKind.Create),
                    new Touch($"file:{inputs.To}.json", TouchKind.Create),
                ],
            (inputs, scope) => new Backup(inputs, scope),
            Validate
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    private string Path => scope.PathOf(inputs.To);

    private string ManifestPath => Path + ".json";

    private string Draft => Path + ".partial";

    /// <inheritdoc/>
    public async ValueTask<BackupState> ObserveAsync(CancellationToken ct)
    {
        var manifest = await ReadManifestAsync(ct);
        var isWhole =
            manifest?.Token == scope.Token
            && File.Exists(Path)
            && await new BackupFile(Path).HashAsync(ct) == manifest.Sha256;
        return new BackupState { File = Path, Backup = isWhole ? manifest : null };
    }

    /// <inheritdoc/>
    public Difference Plan(BackupState observed) =>
        observed.Backup is null
            ? Difference.Of(
                Reversal.Exact,
                new DifferenceLine(
                    $"file {inputs.To}",
                    null,
                    $"all keys of {inputs.Connection}, proven in {inputs.Scratch}"
                )
            )
            : Difference.None;

    /// <inheritdoc/>
    public bool Same(BackupState a, BackupState b) => a.Backup?.Sha256 == b.Backup?.Sha256;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        BackupState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await RefuseStrangersFileAsync(ct);
        await using var server = await OpenAsync(inputs.Connection, ct);
        await using var scratchServer = await OpenAsync(inputs.Scratch, ct);
        var scratch = new Scratch(scratchServer, inputs.Scratch, scope.Token);
        await scratch.TakeAsync(server, ct);

        var export = new BackupExport(Settings(inputs.Connection), scope.Clock, inputs.AtMost ?? DefaultFreeze);
        await foreach (var progress in export.RunAsync(Draft, ct))
            yield return progress;

        var file = new BackupFile(Draft);
        var keys = (await file.DigestsAsync(ct)).Count;
        var proof = new BackupRestore(file, scratchServer);
        await foreach (var progress in proof.RunAsync(keys, ct))
            yield return progress;
        if (await proof.CompareAsync(ct) is Verdict.Broken broken)
            throw OperationException.Refused($"the backup is not proven: {broken.Why}");
        await scratch.LeaveAsync(ct);
        yield return Progress.Count(keys, keys, "keys", "proven");
        await KeepAsync(await DescribeAsync(export, file, keys, ct), ct);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        BackupState before,
        BackupState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var scratchServer = await OpenAsync(inputs.Scratch, ct);
        await new Scratch(scratchServer, inputs.Scratch, scope.Token).LeaveAsync(ct);
        File.Delete(Draft);
        if ((await ReadManifestAsync(ct))?.Token == scope.Token)
        {
            File.Delete(Path);
            File.Delete(ManifestPath);
        }
        yield return Progress.Say($"removed {Path}");
    }

    /// <inheritdoc/>
    public async ValueTask<Loss> CountLossAsync(BackupState after, CancellationToken ct)
    {
        var backup = Of(after);
        await using var server = await OpenAsync(inputs.Connection, ct);
        var now = await WriteCount.ReadAsync(server, ct);
        return new Loss
        {
            Count = now.RunId == backup.ServerRunId && now.Calls >= backup.Writes ? now.Calls - backup.Writes : null,
            Unit = "writing commands",
            Since = backup.TakenAt,
        };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> RestoreAsync(
        BackupState after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var backup = Of(after);
        var file = new BackupFile(after.File);
        if (await file.HashAsync(ct) != backup.Sha256)
            throw OperationException.Refused($"{after.File} is not the file that was proven: its SHA-256 differs");
        await using var server = await OpenAsync(inputs.Connection, ct);
        await foreach (var progress in new BackupRestore(file, server).RunAsync(backup.Keys, ct))
            yield return progress;
    }

    /// <inheritdoc/>
    public async ValueTask<Verdict> VerifyRestoredAsync(BackupState after, CancellationToken ct)
    {
        await using var server = await OpenAsync(inputs.Connection, ct);
        return await new BackupRestore(new BackupFile(after.File), server).CompareAsync(ct);
    }

    private static BackupManifest Of(BackupState after) =>
        after.Backup ?? throw OperationException.Refused($"there is no backup in {after.File}");

    private static IEnumerable<InputProblem> Validate(BackupInputs inputs)
    {
        if (inputs.Connection == inputs.Scratch)
            yield return new InputProblem(
                "scratch",
                "a backup is not proven on the server it saves: name an empty one"
            );
        if (inputs.AtMost < LeastFreeze)
            yield return new InputProblem("at-most", "a freeze needs at least 200ms");
    }

    private async Task RefuseStrangersFileAsync(CancellationToken ct)
    {
        if (File.Exists(Path) && (await ReadManifestAsync(ct))?.Token != scope.Token)
            throw OperationException.Refused($"{Path} exists and is not this step's: name another file");
    }

    private async Task<BackupManifest> DescribeAsync(
        BackupExport export,
        BackupFile file,
        long keys,
        CancellationToken ct
    ) =>
        new()
        {
            Token = scope.Token,
            Sha256 = await file.HashAsync(ct),
            Length = new FileInfo(Draft).Length,
            Keys = keys,
            TakenAt = export.TakenAt,
            FreezeMs = (long)export.Freeze.TotalMilliseconds,
            ServerRunId = export.Writes!.RunId,
            Writes = export.Writes.Calls,
        };

    // The manifest first: without its file it counts for nothing, whereas a file without it would be a stranger's.
    private async Task KeepAsync(BackupManifest manifest, CancellationToken ct)
    {
        await File.WriteAllTextAsync(ManifestPath, JsonSerializer.Serialize(manifest, Json.Value.BackupManifest), ct);
        File.Move(Draft, Path, overwrite: true);
    }

    private async Task<BackupManifest?> ReadManifestAsync(CancellationToken ct)
    {
        try
        {
            var text = await File.ReadAllTextAsync(ManifestPath, ct);
            return JsonSerializer.Deserialize(text, Json.Value.BackupManifest);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    private RedisSettings Settings(string name) => scope.Connection<RedisSettings>(name);

    private Task<RedisClient> OpenAsync(string name, CancellationToken ct) =>
        RedisClient.OpenAsync(Settings(name), scope.Clock, ct);
}
