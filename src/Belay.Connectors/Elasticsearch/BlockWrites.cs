using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Which index shall refuse writes.</summary>
public sealed record BlockWritesInputs
{
    /// <summary>The cluster.</summary>
    [Connection("elasticsearch")]
    public required string Connection { get; init; }

    /// <summary>The index.</summary>
    public required string Index { get; init; }
}

/// <summary>Whether an index refuses writes.</summary>
public sealed record BlockWritesState
{
    /// <summary>It does; false also when there is no such index.</summary>
    public required bool Blocked { get; init; }
}

/// <summary>Lets an index refuse writes, once those under way have ended. For <c>during: { freeze: elasticsearch.block-writes }</c>, whose watchdog ends it also when Belay does not live.</summary>
internal sealed class BlockWrites : IChange<BlockWritesState>, IDisposable
{
    private readonly SearchTransport transport;
    private readonly SearchIndex index;

    private BlockWrites(BlockWritesInputs inputs, IScope scope)
    {
        transport = new SearchTransport(scope.Connection<ElasticsearchSettings>(inputs.Connection), scope.Clock);
        index = new SearchIndex(transport, inputs.Index);
    }

    /// <summary>The definition of <c>elasticsearch.block-writes</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<BlockWritesInputs, BlockWritesState>(
            "elasticsearch.block-writes",
            "Lets an index refuse writes, for the time of a freeze",
            options => new BlockWritesJson(options),
            Reversal.Exact,
            inputs => [new Touch(IndexNames.Resource(inputs.Connection, inputs.Index), TouchKind.Freeze)],
            (inputs, scope) => new BlockWrites(inputs, scope),
            validate: inputs => IndexNames.Problems(("index", inputs.Index))
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<BlockWritesState> ObserveAsync(CancellationToken ct) =>
        new() { Blocked = (await index.FindAsync(ct))?.IsBlocked == true };

    /// <inheritdoc/>
    public Difference Plan(BlockWritesState observed) =>
        observed.Blocked
            ? Difference.None
            : Difference.Of(Reversal.Exact, new DifferenceLine($"writes to {index.Name}", "taken", "refused"));

    /// <inheritdoc/>
    public bool Same(BlockWritesState a, BlockWritesState b) => a.Blocked == b.Blocked;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        BlockWritesState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"blocking writes to {index.Name}");
        await index.BlockWritesAsync(ct);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        BlockWritesState before,
        BlockWritesState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"allowing writes to {index.Name}");
        // A later step may have deleted it.
        if (!before.Blocked && await index.FindAsync(ct) is { IsBlocked: true })
            await index.AllowWritesAsync(ct);
    }

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();
}

[JsonSerializable(typeof(BlockWritesInputs))]
[JsonSerializable(typeof(BlockWritesState))]
internal sealed partial class BlockWritesJson : JsonSerializerContext;
