using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Which index to delete.</summary>
public sealed record DeleteIndexInputs
{
    /// <summary>The cluster.</summary>
    [Connection("elasticsearch")]
    public required string Connection { get; init; }

    /// <summary>The index: one, by its name; never an alias or a pattern.</summary>
    public required string Index { get; init; }

    /// <summary>How long nothing must be searched in it and written to it, directly before it is deleted. Default 10 seconds.</summary>
    public TimeSpan IdleFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How the deletion is taken back. Default: by restoring a backup.</summary>
    public DeletionWayBack WayBack { get; init; } = DeletionWayBack.Backup;
}

/// <summary>How a deletion is taken back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeletionWayBack>))]
public enum DeletionWayBack
{
    /// <summary>By restoring the backup that the step names.</summary>
    [JsonStringEnumMemberName("backup")]
    Backup,

    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>What there is of the index.</summary>
public sealed record DeleteIndexState
{
    /// <summary>Its id; null when there is none.</summary>
    public string? Uuid { get; init; }

    /// <summary>How many documents it has.</summary>
    public required long Documents { get; init; }

    /// <summary>The aliases that point at it.</summary>
    public required ImmutableArray<string> Aliases { get; init; }
}

/// <summary>Deletes an index to which no alias points, and which nobody uses.</summary>
internal sealed class DeleteIndex : IChange<DeleteIndexState>, IDisposable
{
    private readonly DeleteIndexInputs inputs;
    private readonly IScope scope;
    private readonly SearchTransport transport;
    private readonly SearchIndex index;

    private DeleteIndex(DeleteIndexInputs inputs, IScope scope)
    {
        (this.inputs, this.scope) = (inputs, scope);
        transport = new SearchTransport(scope.Connection<ElasticsearchSettings>(inputs.Connection), scope.Clock);
        index = new SearchIndex(transport, inputs.Index);
    }

    /// <summary>The definition of <c>elasticsearch.delete-index</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<DeleteIndexInputs, DeleteIndexState>(
            "elasticsearch.delete-index",
            "Deletes an index to which no alias points, and which nobody uses",
            options => new DeleteIndexJson(options),
            Reversal.Never,
            inputs => [new Touch(IndexNames.Resource(inputs.Connection, inputs.Index), TouchKind.Destroy)],
            (inputs, scope) => new DeleteIndex(inputs, scope),
            ReversalOf,
            validate: inputs =>
                [
                    .. IndexNames.Problems(("index", inputs.Index)),
                    .. inputs.IdleFor <= TimeSpan.Zero
                        ? [new InputProblem("idle-for", "a time longer than 0 is expected")]
                        : Array.Empty<InputProblem>(),
                ]
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<DeleteIndexState> ObserveAsync(CancellationToken ct) =>
        await index.FindAsync(ct) is { } info
            ? new DeleteIndexState
            {
                Uuid = info.Uuid,
                Documents = await index.CountAsync(ct),
                Aliases = info.Aliases,
            }
            : new DeleteIndexState { Documents = 0, Aliases = [] };

    /// <inheritdoc/>
    public Difference Plan(DeleteIndexState observed) =>
        observed.Uuid is null
            ? Difference.None
            : Difference.Of(
                ReversalOf(inputs),
                new DifferenceLine($"index {inputs.Index}", $"{observed.Documents} documents", null) { Moves = true }
            );

    /// <inheritdoc/>
    public bool Same(DeleteIndexState a, DeleteIndexState b) => a.Uuid == b.Uuid;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        DeleteIndexState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (await index.FindAsync(ct) is null)
            yield break;
        yield return Progress.Say(
            $"watching for {Duration.Format(inputs.IdleFor)} whether anybody uses {inputs.Index}"
        );
        var uses = await Traffic.OverAsync(index, inputs.IdleFor, scope.Clock, ct);
        if (!uses.IsEmpty)
            throw OperationException.Refused(
                $"{index.Place} is not deleted: it is in use, {Traffic.Words(uses)} within {Duration.Format(inputs.IdleFor)}; find out who, and let them use the alias"
            );
        var info = await index.RequireAsync(ct);
        if (!info.Aliases.IsEmpty)
            throw OperationException.Refused(
                $"{index.Place} is not deleted: the alias {string.Join(", ", info.Aliases)} points at it"
            );
        // Names get swapped: what was looked at is what goes.
        if (before.Uuid is { } uuid && info.Uuid != uuid)
            throw OperationException.Refused(
                $"{index.Place} is not deleted: it is another index ({info.Uuid}) than the one of that name when the step began ({uuid})"
            );
        await index.DeleteAsync(ct);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Progress> UndoAsync(
        DeleteIndexState before,
        DeleteIndexState? after,
        CancellationToken ct
    ) => throw OperationException.Refused($"{index.Place} was deleted, which only a backup takes back");

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private static Reversal ReversalOf(DeleteIndexInputs inputs) =>
        inputs.WayBack == DeletionWayBack.Backup ? Reversal.Restore : Reversal.Never;
}

[JsonSerializable(typeof(DeleteIndexInputs))]
[JsonSerializable(typeof(DeleteIndexState))]
internal sealed partial class DeleteIndexJson : JsonSerializerContext;
