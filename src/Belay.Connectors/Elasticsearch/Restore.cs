using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Which snapshot to restore, and as which index.</summary>
public sealed record RestoreInputs
{
    /// <summary>The cluster.</summary>
    [Connection("elasticsearch")]
    public required string Connection { get; init; }

    /// <summary>The repository.</summary>
    public required string Repository { get; init; }

    /// <summary>The snapshot.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The index in the snapshot.</summary>
    public required string Index { get; init; }

    /// <summary>The index to make. There may be none of this name yet. Default: the name that it had.</summary>
    public string? Into { get; init; }
}

/// <summary>What there is of the restored index.</summary>
public sealed record RestoreState
{
    /// <summary>The index is there.</summary>
    public required bool Exists { get; init; }

    /// <summary>This step of this run restored it.</summary>
    public required bool Restored { get; init; }

    /// <summary>How many documents it has.</summary>
    public required long Documents { get; init; }
}

/// <summary>Makes an index from a snapshot.</summary>
internal sealed class Restore : IChange<RestoreState>, IDisposable
{
    private static readonly RestoredNoteJson NoteJson = new(BelayJson.NewOptions());
    private readonly RestoreInputs inputs;
    private readonly SearchTransport transport;
    private readonly SnapshotRepository repository;
    private readonly SearchIndex index;
    private readonly NoteFile<RestoredNote> note;

    private Restore(RestoreInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        transport = new SearchTransport(scope.Connection<ElasticsearchSettings>(inputs.Connection), scope.Clock);
        repository = new SnapshotRepository(transport, inputs.Repository, scope.Clock);
        index = new SearchIndex(transport, Target(inputs));
        note = new NoteFile<RestoredNote>(scope, "restored", NoteJson.RestoredNote);
    }

    /// <summary>The definition of <c>elasticsearch.restore</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<RestoreInputs, RestoreState>(
            "elasticsearch.restore",
            "Makes an index from a snapshot",
            options => new ElasticsearchRestoreJson(options),
            Reversal.Exact,
            inputs => [new Touch(IndexNames.Resource(inputs.Connection, Target(inputs)), TouchKind.Create)],
            (inputs, scope) => new Restore(inputs, scope),
            validate: inputs => IndexNames.Problems(("index", inputs.Index), ("into", inputs.Into))
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<RestoreState> ObserveAsync(CancellationToken ct)
    {
        var noted = note.Read();
        if (await index.FindAsync(ct) is null)
            return new RestoreState
            {
                Exists = false,
                Restored = false,
                Documents = 0,
            };
        if (noted is null)
            throw OperationException.Refused(
                $"{index.Place} is there already, and this step did not make it; name another index with into"
            );
        return new RestoreState
        {
            Exists = true,
            Restored = noted.IsDone,
            Documents = noted.IsDone ? await index.CountAsync(ct) : 0,
        };
    }

    /// <inheritdoc/>
    public Difference Plan(RestoreState observed) =>
        observed.Restored
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                new DifferenceLine(
                    $"index {index.Name}",
                    null,
                    $"{inputs.Index} of {inputs.Repository}/{inputs.Snapshot}"
                )
            );

    /// <inheritdoc/>
    public bool Same(RestoreState a, RestoreState b) => a.Exists == b.Exists && a.Restored == b.Restored;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        RestoreState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await ObserveAsync(ct);
        if (now.Restored)
            yield break;
        if (!now.Exists)
        {
            var found = await repository.FindAsync(inputs.Snapshot, ct);
            if (found?.State != SnapshotReading.Success)
                throw OperationException.Refused(
                    $"{transport.Place}: the snapshot {inputs.Snapshot} of {inputs.Repository} is {found?.State ?? "not there"}: there is nothing whole to restore"
                );
            note.Write(new RestoredNote { IsDone = false });
            await repository.RestoreAsync(inputs.Snapshot, inputs.Index, index.Name, ct);
        }
        await foreach (var progress in repository.AwaitRestoredAsync(index.Name, ct))
            yield return progress;
        note.Write(new RestoredNote { IsDone = true });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        RestoreState before,
        RestoreState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"deleting {index.Name}");
        // Only what this step made: without a note it never began.
        if (note.Read() is not null && await index.FindAsync(ct) is { } info)
        {
            if (!info.Aliases.IsEmpty)
                throw OperationException.Refused(
                    $"{index.Place} is not deleted: the alias {info.Aliases[0]} points at it; switch it back first"
                );
            await index.DeleteAsync(ct);
        }
        note.Remove();
    }

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private static string Target(RestoreInputs inputs) => inputs.Into ?? inputs.Index;
}

/// <summary>What a run remembers of an index that it makes.</summary>
internal sealed record RestoredNote
{
    /// <summary>It is whole.</summary>
    public required bool IsDone { get; init; }
}

[JsonSerializable(typeof(RestoreInputs))]
[JsonSerializable(typeof(RestoreState))]
internal sealed partial class ElasticsearchRestoreJson : JsonSerializerContext;

[JsonSerializable(typeof(RestoredNote))]
internal sealed partial class RestoredNoteJson : JsonSerializerContext;
