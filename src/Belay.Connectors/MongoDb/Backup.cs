using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.MongoDb;

/// <summary>What to save, where to, and how it is proven.</summary>
public sealed record BackupInputs
{
    /// <summary>The database.</summary>
    [Connection("mongodb")]
    public required string Connection { get; init; }

    /// <summary>The archive's path. Nothing may lie there yet; its description is written beside it as <c>PATH.belay.json</c>.</summary>
    public required string To { get; init; }

    /// <summary>How it is proven. Default <c>restore</c>.</summary>
    public BackupProof Prove { get; init; } = BackupProof.Restore;

    /// <summary>The version of the schema, to be shown with the backup. Default: none is read.</summary>
    public DocumentPlace? Schema { get; init; }
}

/// <summary>How a backup is proven.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BackupProof>))]
public enum BackupProof
{
    /// <summary>It is restored into a scratch database on the same server, every collection is compared, and the scratch database is dropped.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,

    /// <summary>It is not. Such a backup may hold several moments, and may turn out to be worth nothing.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>Saves a database and proves that what was saved can be restored, and is what the database held at one moment.</summary>
internal sealed class Backup : IBackup<BackupState>
{
    private const int LargestCollections = 50;
    private readonly BackupInputs inputs;
    private readonly IScope scope;
    private readonly Server server;
    private readonly Databases databases;
    private readonly ArchiveRestore restore;
    private readonly Archive archive;
    private readonly string scratch;

    private Backup(BackupInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        this.scope = scope;
        server = new Server(scope.Connection<MongoDbSettings>(inputs.Connection), inputs.Connection, scope.Clock);
        databases = new Databases(server, scope.Clock);
        restore = new ArchiveRestore(server, scope);
        archive = new Archive(scope.PathOf(inputs.To), scope.Token);
        scratch = ScratchName.Of(server.Database, scope.Token);
    }

    /// <summary>The definition of <c>mongodb.backup</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Backup<BackupInputs, BackupState>(
            "mongodb.backup",
            "Saves a database, and proves it by restoring into a scratch database and comparing",
            options => new MongoBackupJson(options),
            inputs =>
                [
                    new Touch($"mongodb:{inputs.Connection}", TouchKind.BackUp)
                    {
                        Proven = inputs.Prove is BackupProof.Restore,
                    },
                    new Touch($"file:{inputs.To}", TouchKind.Create),
                    new Touch($"file:{inputs.To}.belay.json", TouchKind.Create),
                ],
            (inputs, scope) => new Backup(inputs, scope),
            inputs => inputs.Schema?.Problems("schema") ?? []
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<BackupState> ObserveAsync(CancellationToken ct)
    {
        RequireName();
        ImmutableArray<string> leftovers = [.. archive.Leftovers];
        if (await databases.ExistsAsync(scratch, ct))
            leftovers = leftovers.Add($"database {scratch}");
        if (!archive.Exists)
            return new BackupState { Leftovers = leftovers };
        if (!archive.IsOurs)
            throw OperationException.Refused(
                $"{archive.Location} is there already, and this step did not make it; name another path, or move it away"
            );
        var manifest = archive.ReadSide()!;
        return new BackupState
        {
            Archive = await Archive.HashAsync(archive.Location, ct) == manifest.Sha256 ? Describe(manifest) : null,
            Leftovers = leftovers,
        };
    }

    /// <inheritdoc/>
    public Difference Plan(BackupState observed) =>
        observed.Archive is not null
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                new DifferenceLine(
                    $"backup of {server.Database}",
                    null,
                    inputs.Prove == BackupProof.Restore
                        ? $"{inputs.To}, proven by restoring it"
                        : $"{inputs.To}, not proven"
                )
            );

    /// <inheritdoc/>
    public bool Same(BackupState a, BackupState b) =>
        a.Archive?.Sha256 == b.Archive?.Sha256 && a.Leftovers.SequenceEqual(b.Leftovers);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        BackupState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if ((await ObserveAsync(ct)).Archive is not null)
            yield break;
        archive.Remove();
        archive.Prepare();
        await using var session = await server.OpenWholeAsync(ct);
        var (takenAt, oplogTime) = (scope.Now(), Oplog.LastWrite(session.Hello));
        var schema = await ReadSchemaAsync(session, ct);
        var reading = new ContentsReading(session, server.Database);
        await foreach (var progress in reading.RunAsync($"reading {server.Database} to compare", ct))
            yield return progress;
        if (reading.Contents.Collections.IsEmpty)
            throw OperationException.Refused(
                $"{server.Place}: the database {server.Database} is empty, or is not there"
            );
        await foreach (var progress in DumpAsync(reading.Contents, ct))
            yield return progress;
        if (inputs.Prove == BackupProof.Restore)
            await foreach (var progress in ProveAsync(reading.Contents, ct))
                yield return progress;
        var bytes = new FileInfo(archive.Aside).Length;
        archive.Publish(
            new ArchiveManifest
            {
                Token = scope.Token,
                Database = server.Database,
                TakenAt = takenAt,
                OplogTime = oplogTime,
                Sha256 = await Archive.HashAsync(archive.Aside, ct),
                Bytes = bytes,
                Proven = inputs.Prove == BackupProof.Restore,
                Contents = reading.Contents,
                Schema = schema,
            }
        );
        yield return Progress.Count(bytes, bytes, "bytes", $"saved to {archive.Location}");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        BackupState before,
        BackupState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"removing {archive.Location}");
        archive.Remove();
        await databases.DropAsync(scratch, ct);
    }

    /// <inheritdoc/>
    public async ValueTask<Loss> CountLossAsync(BackupState after, CancellationToken ct) =>
        await Writes.CountAsync(Manifest(after), ct);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> RestoreAsync(
        BackupState after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var manifest = Manifest(after);
        await archive.RequireAsync(manifest.Sha256, ct);
        await Writes.BeginAsync(manifest, ct);
        await foreach (
            var progress in restore.RunAsync(archive.Location, server.Database, manifest.Contents, server.Database, ct)
        )
            yield return progress;
        await Writes.EndAsync(ct);
    }

    /// <inheritdoc/>
    public async ValueTask<Verdict> VerifyRestoredAsync(BackupState after, CancellationToken ct)
    {
        var differences = await restore.CompareAsync(Manifest(after).Contents, server.Database, ct);
        return differences.IsEmpty
            ? Verdict.Ok
            : new Verdict.Broken($"{server.Place} differs from the backup: {string.Join("; ", differences)}");
    }

    private WritesSince Writes => new(server, scope, server.Database);

    private void RequireName()
    {
        if (Server.ProblemOf(server.Database) is { } problem)
            throw OperationException.Refused($"{server.Place}: the database {server.Database} {problem}");
    }

    private async Task<JsonElement?> ReadSchemaAsync(MongoSession session, CancellationToken ct)
    {
        if (inputs.Schema is not { } place)
            return null;
        var found = await place.ReadAsync(session, server.Database, ct);
        return found.Missing(place) is { } missing
            ? throw OperationException.Refused($"{server.Place}: {missing}")
            : found.Value;
    }

    private IAsyncEnumerable<Progress> DumpAsync(DatabaseContents contents, CancellationToken ct) =>
        new ToolRun(scope, server.Place).RunAsync(
            Tools.Dump(server.Settings, archive.Aside),
            contents.Collections.Length,
            $"saving {server.Database}",
            ct
        );

    private async IAsyncEnumerable<Progress> ProveAsync(
        DatabaseContents contents,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        try
        {
            await databases.DropAsync(scratch, ct);
            await foreach (var progress in restore.RunAsync(archive.Aside, server.Database, contents, scratch, ct))
                yield return progress;
            yield return Progress.Say($"comparing {scratch}");
            var differences = await restore.CompareAsync(contents, scratch, ct);
            if (!differences.IsEmpty)
                throw OperationException.Refused(
                    $"{server.Place}: the archive does not hold what {server.Database} held when it was begun; "
                        + $"most likely somebody wrote to it meanwhile: stop the writers first. {string.Join("; ", differences)}"
                );
        }
        finally
        {
            await databases.TryDropAsync(scratch);
        }
    }

    private ArchiveManifest Manifest(BackupState after)
    {
        var saved = after.Archive ?? throw OperationException.Refused("the step made no archive");
        return archive.ReadSide() is { } manifest && manifest.Sha256 == saved.Sha256
            ? manifest
            : throw OperationException.Refused($"{archive.Side} is missing, or describes another archive");
    }

    private SavedArchive Describe(ArchiveManifest manifest) =>
        new()
        {
            Path = archive.Location,
            Sha256 = manifest.Sha256,
            Bytes = manifest.Bytes,
            TakenAt = manifest.TakenAt,
            Proven = manifest.Proven,
            Documents = manifest.Contents.Documents,
            Largest =
            [
                .. manifest
                    .Contents.Collections.OrderByDescending(collection => collection.Documents)
                    .Take(LargestCollections)
                    .Select(collection => new CollectionSize(collection.Name, collection.Documents)),
            ],
            Schema = manifest.Schema,
        };
}

[JsonSerializable(typeof(BackupInputs))]
[JsonSerializable(typeof(BackupState))]
internal sealed partial class MongoBackupJson : JsonSerializerContext;
