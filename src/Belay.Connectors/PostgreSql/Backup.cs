using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>What to save, where to, and how it is proven.</summary>
public sealed record BackupInputs
{
    /// <summary>The database.</summary>
    [Connection("postgresql")]
    public required string Connection { get; init; }

    /// <summary>The archive's path. Nothing may lie there yet; its description is written beside it as <c>PATH.belay.json</c>.</summary>
    public required string To { get; init; }

    /// <summary>The archive's format. Default <c>custom</c>: one file.</summary>
    public ArchiveFormat Format { get; init; } = ArchiveFormat.Custom;

    /// <summary>How it is proven. Default <c>restore</c>.</summary>
    public Proof Prove { get; init; } = Proof.Restore;
}

/// <summary>How a backup is proven.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Proof>))]
public enum Proof
{
    /// <summary>It is restored into a scratch database on the same server, every table is compared, and the scratch database is dropped.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,

    /// <summary>It is not. Such a backup can be restored and compared later, and may turn out to be worth nothing.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>What there is of the backup.</summary>
public sealed record BackupState : ICompared
{
    /// <inheritdoc/>
    public StoreComparison? Comparison => Archive is { Proven: true } proven ? proven.Comparison : null;

    /// <summary>The archive that this step of this run made; null when there is none, or it is no more as it was written.</summary>
    public SavedArchive? Archive { get; init; }

    /// <summary>What an attempt that did not end left behind.</summary>
    public required ImmutableArray<string> Leftovers { get; init; }
}

/// <summary>An archive.</summary>
public sealed record SavedArchive
{
    /// <summary>Where it lies (absolute).</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256, lower-case hex; of a folder: of the list of its files with their hashes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its size.</summary>
    public required long Bytes { get; init; }

    /// <summary>The moment (UTC) that it holds.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The place in the write-ahead log at that moment.</summary>
    public required string Lsn { get; init; }

    /// <summary>The transactions that it holds (<c>pg_snapshot</c>).</summary>
    public required string Snapshot { get; init; }

    /// <summary>It was restored and compared.</summary>
    public required bool Proven { get; init; }

    /// <summary>How many tables it holds.</summary>
    public required int Tables { get; init; }

    /// <summary>How many rows they have in all.</summary>
    public required long Rows { get; init; }

    /// <summary>The tables with most rows, at most 50.</summary>
    public required ImmutableArray<SavedTable> Largest { get; init; }

    // What is restored and differs is refused, so a proven archive holds as much as was saved.
    internal StoreComparison Comparison =>
        new()
        {
            From = "saved",
            To = "restored",
            Parts =
            [
                .. Largest.Select(table => ComparedPart.Alike(table.Name, "rows", table.Rows)),
                .. Rows - Largest.Sum(table => table.Rows) is > 0 and var others
                    ? [ComparedPart.Alike("all other tables", "rows", others)]
                    : Array.Empty<ComparedPart>(),
            ],
        };
}

/// <summary>A table in an archive.</summary>
/// <param name="Name">Its name with its schema.</param>
/// <param name="Rows">How many rows it has.</param>
public sealed record SavedTable(string Name, long Rows);

/// <summary>Saves a database and proves that what was saved can be restored.</summary>
internal sealed class Backup : IBackup<BackupState>
{
    private const int LargestTables = 50;
    private readonly BackupInputs inputs;
    private readonly IScope scope;
    private readonly Server server;
    private readonly Databases databases;
    private readonly DatabaseNames names;
    private readonly Archive archive;

    private Backup(BackupInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        this.scope = scope;
        server = new Server(scope.Connection<PostgreSqlSettings>(inputs.Connection), inputs.Connection);
        databases = new Databases(server);
        names = new DatabaseNames(server.Database, scope.Token);
        archive = new Archive(scope.PathOf(inputs.To), scope.Token);
    }

    /// <summary>The definition of <c>postgresql.backup</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Backup<BackupInputs, BackupState>(
            "postgresql.backup",
            "Saves a database, and proves it by restoring into a scratch database and comparing",
            options => new BackupContext(options),
            inputs =>
                [
                    new Touch($"postgresql:{inputs.Connection}", TouchKind.BackUp)
                    {
                        Proven = inputs.Prove is Proof.Restore,
                        ClosedWhileRestored = true,
                    },
                    new Touch($"file:{inputs.To}", TouchKind.Create),
                    new Touch($"file:{inputs.To}.belay.json", TouchKind.Create),
                ],
            (inputs, scope) => new Backup(inputs, scope)
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<BackupState> ObserveAsync(CancellationToken ct)
    {
        var leftovers = archive.Leftovers;
        if (await databases.ExistsAsync(names.Scratch, ct))
            leftovers = leftovers.Add($"database {names.Scratch}");
        if (!archive.Exists)
            return new BackupState { Leftovers = leftovers };
        if (!archive.IsOurs)
            throw OperationException.Refused(
                $"{archive.Location} is there already, and this step did not make it; name another path, or move it away"
            );
        var manifest = archive.ReadSide()!;
        var (sha256, _) = await Archive.MeasureAsync(archive.Location, ct);
        return new BackupState
        {
            Archive = sha256 == manifest.Sha256 ? Describe(manifest) : null,
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
                    inputs.Prove == Proof.Restore ? $"{inputs.To}, proven by restoring it" : $"{inputs.To}, not proven"
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
        var now = await ObserveAsync(ct);
        if (now.Archive is not null)
            yield break;
        archive.Remove();
        archive.Prepare(inputs.Format);
        var dump = new Dump(server, scope, inputs.Format, archive.Aside);
        await foreach (var progress in dump.RunAsync(ct))
            yield return progress;
        if (inputs.Prove == Proof.Restore)
            await foreach (var progress in ProveAsync(dump.Contents, ct))
                yield return progress;
        var (sha256, bytes) = await Archive.MeasureAsync(archive.Aside, ct);
        archive.Publish(
            new ArchiveManifest
            {
                Token = scope.Token,
                System = dump.System,
                Database = server.Database,
                TakenAt = dump.At,
                Lsn = dump.Lsn,
                Snapshot = dump.Transactions,
                Sha256 = sha256,
                Bytes = bytes,
                Proven = inputs.Prove == Proof.Restore,
                Contents = dump.Contents,
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
        await databases.DropAsync(names.Scratch, ct);
    }

    /// <inheritdoc/>
    public async ValueTask<Loss> CountLossAsync(BackupState after, CancellationToken ct) =>
        new()
        {
            Count = await new RestoreLoss(server, scope).CountAsync(Manifest(after), ct),
            Unit = WriteCount.Unit,
            Since = Saved(after).TakenAt,
        };

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> RestoreAsync(
        BackupState after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var manifest = Manifest(after);
        var (sha256, _) = await Archive.MeasureAsync(archive.Location, ct);
        if (sha256 != Saved(after).Sha256)
            throw OperationException.Refused($"{archive.Location} was changed after it was proven; it is not restored");
        var replacement = new Replacement(server, scope, server.Database);
        await foreach (var progress in replacement.RunAsync(archive.Location, manifest.Contents, ct))
            yield return progress;
    }

    /// <inheritdoc/>
    public async ValueTask<Verdict> VerifyRestoredAsync(BackupState after, CancellationToken ct)
    {
        var reading = new ContentsReading();
        await foreach (var _ in reading.RunAsync(server, server.Database, "comparing", ct)) { }
        var differences = Manifest(after).Contents.DifferencesOf(reading.Contents);
        // It was compared before anybody was let in; what differs since are the writes of those who came then.
        return differences.IsEmpty || await new Replacement(server, scope, server.Database).IsDoneAsync(ct)
            ? Verdict.Ok
            : new Verdict.Broken($"{server.Place} differs from the backup: {string.Join("; ", differences)}");
    }

    private async IAsyncEnumerable<Progress> ProveAsync(
        DatabaseContents contents,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        try
        {
            var restore = new ArchiveRestore(server, scope);
            await foreach (
                var progress in restore.RunAsync(names.Scratch, server.Database, archive.Aside, contents, ct)
            )
                yield return progress;
        }
        finally
        {
            await databases.TryDropAsync(names.Scratch, scope.Clock);
        }
    }

    private ArchiveManifest Manifest(BackupState after) =>
        archive.ReadSide() is { } manifest && manifest.Sha256 == Saved(after).Sha256
            ? manifest
            : throw OperationException.Refused($"{archive.Side} is missing, or describes another archive");

    private static SavedArchive Saved(BackupState after) =>
        after.Archive ?? throw OperationException.Refused("the step made no archive");

    private SavedArchive Describe(ArchiveManifest manifest) =>
        new()
        {
            Path = archive.Location,
            Sha256 = manifest.Sha256,
            Bytes = manifest.Bytes,
            TakenAt = manifest.TakenAt,
            Lsn = manifest.Lsn,
            Snapshot = manifest.Snapshot,
            Proven = manifest.Proven,
            // Large objects stand in the list, and are no table.
            Tables = manifest.Contents.Tables.Length - 1,
            Rows = manifest.Contents.Rows,
            Largest =
            [
                .. manifest
                    .Contents.Tables.OrderByDescending(t => t.Rows)
                    .Take(LargestTables)
                    .Select(t => new SavedTable(t.Name, t.Rows)),
            ],
        };
}

[JsonSerializable(typeof(BackupInputs))]
[JsonSerializable(typeof(BackupState))]
internal sealed partial class BackupContext : JsonSerializerContext;
