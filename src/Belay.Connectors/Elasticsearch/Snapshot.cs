using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Which index to save, where, and how it is proven.</summary>
public sealed record SnapshotInputs
{
    /// <summary>The cluster.</summary>
    [Connection("elasticsearch")]
    public required string Connection { get; init; }

    /// <summary>The index.</summary>
    public required string Index { get; init; }

    /// <summary>The repository, which the cluster must know already: a folder that all nodes share, a bucket of S3, ...</summary>
    public required string Repository { get; init; }

    /// <summary>The snapshot's name. Default: one that is made from the run and the step.</summary>
    public string? Name { get; init; }

    /// <summary>How it is proven. Default <c>restore</c>.</summary>
    public SnapshotProof Prove { get; init; } = SnapshotProof.Restore;
}

/// <summary>How a snapshot is proven.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SnapshotProof>))]
public enum SnapshotProof
{
    /// <summary>It is restored under another name on the same cluster, every document, the mappings and the settings are compared, and the copy is deleted.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,

    /// <summary>It is not.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>Saves an index into a repository, and proves that it can be restored from there.</summary>
internal sealed class Snapshot : IBackup<SnapshotState>, IDisposable
{
    private const int MarkLength = 16;
    private static readonly SnapshotNoteJson NoteJson = new(BelayJson.NewOptions());
    private readonly SnapshotInputs inputs;
    private readonly IScope scope;
    private readonly SearchTransport transport;
    private readonly SnapshotRepository repository;
    private readonly SearchIndex index;
    private readonly SearchIndex scratch;
    private readonly SnapshotRestore restore;
    private readonly NoteFile<SavedSnapshot> note;
    private readonly string name;

    private Snapshot(SnapshotInputs inputs, IScope scope)
    {
        (this.inputs, this.scope) = (inputs, scope);
        transport = new SearchTransport(scope.Connection<ElasticsearchSettings>(inputs.Connection), scope.Clock);
        repository = new SnapshotRepository(transport, inputs.Repository, scope.Clock);
        index = new SearchIndex(transport, inputs.Index);
        // Names of snapshots and indices are in lower case; a token need not be.
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(scope.Token)))[..MarkLength];
        name = inputs.Name ?? $"belay-{mark}";
        scratch = new SearchIndex(transport, $"belay-scratch-{mark}");
        restore = new SnapshotRestore(index, repository, scope);
        note = new NoteFile<SavedSnapshot>(scope, "snapshot", NoteJson.SavedSnapshot);
    }

    /// <summary>The definition of <c>elasticsearch.snapshot</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Backup<SnapshotInputs, SnapshotState>(
            "elasticsearch.snapshot",
            "Saves an index as a snapshot, and proves it by restoring it under another name and comparing",
            options => new SnapshotJson(options),
            inputs =>
                [
                    new Touch(IndexNames.Resource(inputs.Connection, inputs.Index), TouchKind.BackUp)
                    {
                        Proven = inputs.Prove is SnapshotProof.Restore,
                        ClosedWhileRestored = true,
                    },
                    new Touch(
                        IndexNames.Resource(inputs.Connection, $"repository-{inputs.Repository}"),
                        TouchKind.Modify
                    ),
                ],
            (inputs, scope) => new Snapshot(inputs, scope),
            inputs => IndexNames.Problems(("index", inputs.Index), ("name", inputs.Name))
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<SnapshotState> ObserveAsync(CancellationToken ct)
    {
        var found = await repository.FindAsync(name, ct);
        if (found is not null && found.MadeBy != scope.Token)
            throw OperationException.Refused(
                $"{transport.Place}: {inputs.Repository} has a snapshot {name} already, and this step did not make it; name another one"
            );
        var made = note.Read() is { } noted && noted.Uuid == found?.Uuid ? noted : null;
        return new SnapshotState
        {
            Snapshot = made,
            Leftovers =
            [
                .. found is not null && made is null ? [$"snapshot {name}"] : Array.Empty<string>(),
                .. await scratch.FindAsync(ct) is not null ? [$"index {scratch.Name}"] : Array.Empty<string>(),
            ],
        };
    }

    /// <inheritdoc/>
    public Difference Plan(SnapshotState observed) =>
        observed.Snapshot is not null
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                new DifferenceLine(
                    $"snapshot of {inputs.Index}",
                    null,
                    $"{inputs.Repository}/{name}, {(inputs.Prove == SnapshotProof.Restore ? "proven by restoring it" : "not proven")}"
                )
            );

    /// <inheritdoc/>
    public bool Same(SnapshotState a, SnapshotState b) =>
        a.Snapshot?.Uuid == b.Snapshot?.Uuid && a.Leftovers.SequenceEqual(b.Leftovers);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        SnapshotState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if ((await ObserveAsync(ct)).Snapshot is not null)
            yield break;
        // What an attempt that did not end has saved: of a moment that nobody knows.
        await RemoveAsync(ct);
        var info = await index.RequireAsync(ct);
        var (takenAt, operations) = (scope.Now(), await ContentsReading.OperationsAsync(index, ct));
        var reading = new ContentsReading(index);
        await foreach (var progress in reading.RunAsync($"reading {inputs.Index} to compare", ct))
            yield return progress;
        await repository.BeginAsync(name, inputs.Index, scope.Token, ct);
        await foreach (var progress in repository.AwaitAsync(name, ct))
            yield return progress;
        if (inputs.Prove == SnapshotProof.Restore)
        {
            await foreach (var progress in ProveAsync(reading.Contents, ct))
                yield return progress;
        }
        note.Write(
            new SavedSnapshot
            {
                Repository = inputs.Repository,
                Name = name,
                Uuid = (await repository.FindAsync(name, ct))!.Uuid,
                TakenAt = takenAt,
                Proven = inputs.Prove == SnapshotProof.Restore,
                Contents = reading.Contents,
                IndexUuid = info.Uuid,
                Operations = operations,
            }
        );
        yield return Progress.Count(
            reading.Contents.Documents,
            reading.Contents.Documents,
            "documents",
            $"saved as {inputs.Repository}/{name}"
        );
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        SnapshotState before,
        SnapshotState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"deleting the snapshot {name}");
        await RemoveAsync(ct);
        note.Remove();
    }

    /// <inheritdoc/>
    public async ValueTask<Loss> CountLossAsync(SnapshotState after, CancellationToken ct) =>
        await restore.CountAsync(Saved(after), ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<Progress> RestoreAsync(SnapshotState after, CancellationToken ct) =>
        restore.RunAsync(Saved(after), ct);

    /// <inheritdoc/>
    public async ValueTask<Verdict> VerifyRestoredAsync(SnapshotState after, CancellationToken ct) =>
        await restore.DifferenceAsync(Saved(after), ct) is { } difference
            ? new Verdict.Broken($"{index.Place} differs from the snapshot: {difference}")
            : Verdict.Ok;

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private async IAsyncEnumerable<Progress> ProveAsync(
        IndexContents expected,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        try
        {
            await repository.RestoreAsync(name, inputs.Index, scratch.Name, ct);
            await foreach (var progress in repository.AwaitRestoredAsync(scratch.Name, ct))
                yield return progress;
            var reading = new ContentsReading(scratch);
            await foreach (var progress in reading.RunAsync($"comparing {scratch.Name}", ct))
                yield return progress;
            if (SnapshotRestore.Compare(expected, reading.Contents) is { } difference)
                throw OperationException.Refused(
                    $"{transport.Place}: the snapshot does not hold what {inputs.Index} held when it was begun: {difference}; most likely somebody wrote to it meanwhile: stop the writers first"
                );
        }
        finally
        {
            await scratch.DeleteAsync(CancellationToken.None);
        }
    }

    private async Task RemoveAsync(CancellationToken ct)
    {
        await scratch.DeleteAsync(ct);
        if ((await repository.FindAsync(name, ct))?.MadeBy == scope.Token)
            await repository.DeleteAsync(name, ct);
    }

    private static SavedSnapshot Saved(SnapshotState after) =>
        after.Snapshot ?? throw OperationException.Refused("the step made no snapshot");
}

[JsonSerializable(typeof(SnapshotInputs))]
[JsonSerializable(typeof(SnapshotState))]
internal sealed partial class SnapshotJson : JsonSerializerContext;

[JsonSerializable(typeof(SavedSnapshot))]
internal sealed partial class SnapshotNoteJson : JsonSerializerContext;
