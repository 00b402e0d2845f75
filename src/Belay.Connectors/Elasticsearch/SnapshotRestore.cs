using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Brings an index back to what a snapshot holds, in its own place, and counts what that loses.</summary>
internal sealed class SnapshotRestore(SearchIndex index, SnapshotRepository repository, IScope scope)
{
    private const string Unit = "writes to the index (documents written and deleted)";
    private static readonly SnapshotRestoreJson Json = new(BelayJson.NewOptions());
    private readonly NoteFile<RestoreNote> note = new(scope, "restore", Json.RestoreNote);

    /// <summary>Counts what was written since the snapshot, or since it was restored. A deleted index cannot tell any more.</summary>
    public async Task<Loss> CountAsync(SavedSnapshot saved, CancellationToken ct)
    {
        var noted = note.Read();
        if (noted is { IsDone: false })
            return Loss(saved, noted.Count);
        if (await index.FindAsync(ct) is not { IsClosed: false } info)
            return Loss(saved, null);
        var operations = await ContentsReading.OperationsAsync(index, ct);
        return noted is not null ? Loss(saved, operations - noted.Operations)
            : info.Uuid == saved.IndexUuid ? Loss(saved, operations - saved.Operations)
            : Loss(saved, null);
    }

    /// <summary>Restores. Safe to repeat.</summary>
    public async IAsyncEnumerable<Progress> RunAsync(SavedSnapshot saved, [EnumeratorCancellation] CancellationToken ct)
    {
        var found = await repository.FindAsync(saved.Name, ct);
        if (found?.Uuid != saved.Uuid || found.State != SnapshotReading.Success)
            throw OperationException.Refused(
                $"{index.Transport.Place}: the snapshot {saved.Name} of {saved.Repository} is not the one that was proven; it is not restored"
            );
        if (note.Read() is not { IsDone: false })
            note.Write(new RestoreNote { IsDone = false, Count = (await CountAsync(saved, ct)).Count });
        var info = await index.FindAsync(ct);
        if (info is { IsClosed: false })
        {
            // What an earlier attempt began goes on by itself.
            await foreach (var progress in repository.AwaitRestoredAsync(index.Name, ct))
                yield return progress;
        }
        if (info is not { IsClosed: false } || await DifferenceAsync(saved, ct) is not null)
        {
            // In place: an open index is not restored over, and a closed one keeps its aliases.
            if (info is { IsClosed: false })
                await index.CloseAsync(ct);
            yield return Progress.Say($"restoring {index.Name}");
            await repository.RestoreAsync(saved.Name, index.Name, index.Name, ct);
            await foreach (var progress in repository.AwaitRestoredAsync(index.Name, ct))
                yield return progress;
        }
        note.Write(note.Read()! with { IsDone = true, Operations = await ContentsReading.OperationsAsync(index, ct) });
    }

    /// <summary>In what the index differs from what was saved; null when it does not.</summary>
    public async Task<string?> DifferenceAsync(SavedSnapshot saved, CancellationToken ct) =>
        await index.FindAsync(ct) is not { IsClosed: false }
            ? $"{index.Place} is not there, or closed"
            : Compare(saved.Contents, await ContentsReading.OfAsync(index, ct));

    /// <summary>In what an index differs from what it should hold; null when it does not.</summary>
    public static string? Compare(IndexContents expected, IndexContents found) =>
        expected.Documents != found.Documents ? $"{found.Documents} documents in place of {expected.Documents}"
        : expected.Digest != found.Digest ? "documents of another version or content"
        : expected.Shape != found.Shape ? "other mappings or settings"
        : null;

    private static Loss Loss(SavedSnapshot saved, long? count) =>
        new()
        {
            Count = count,
            Unit = Unit,
            Since = saved.TakenAt,
        };
}

/// <summary>What a run remembers of a restore: while it lasts, the index says nothing of what users wrote.</summary>
internal sealed record RestoreNote
{
    /// <summary>The restore came to its end.</summary>
    public required bool IsDone { get; init; }

    /// <summary>What was lost by it; null: it could not be counted.</summary>
    public long? Count { get; init; }

    /// <summary>How many writes the index had taken when it was restored.</summary>
    public long Operations { get; init; }
}

[JsonSerializable(typeof(RestoreNote))]
internal sealed partial class SnapshotRestoreJson : JsonSerializerContext;
