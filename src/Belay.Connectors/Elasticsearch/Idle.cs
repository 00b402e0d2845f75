using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Which index nobody shall use, and for how long it is watched.</summary>
public sealed record IdleInputs
{
    /// <summary>The cluster.</summary>
    [Connection("elasticsearch")]
    public required string Connection { get; init; }

    /// <summary>The index.</summary>
    public required string Index { get; init; }

    /// <summary>How long its counters must not move. Default 10 seconds.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What happened on an index.</summary>
public sealed record IdleState
{
    /// <summary>How long it was watched.</summary>
    public required TimeSpan For { get; init; }

    /// <summary>Searches, scrolls, suggestions, gets, writes and deletions in that time, on all copies of all shards; only those that happened.</summary>
    public required ImmutableSortedDictionary<string, long> Uses { get; init; }

    /// <summary>The aliases that point at it.</summary>
    public required ImmutableArray<string> Aliases { get; init; }
}

/// <summary>Proves that nobody uses an index: no alias points at it, and over a stated time nothing is searched in it, read from it or written to it.</summary>
internal sealed class Idle(IdleInputs inputs, IScope scope) : ICheck<IdleState>
{
    /// <summary>The definition of <c>elasticsearch.idle</c>.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<IdleInputs, IdleState>(
            "elasticsearch.idle",
            "Proves that nobody uses an index: no alias, and no search and no write for a stated time",
            options => new ElasticsearchIdleJson(options),
            inputs =>
                [
                    new Touch(IndexNames.Resource(inputs.Connection, inputs.Index), TouchKind.Read)
                    {
                        Proves = Proof.Idle,
                    },
                ],
            (inputs, scope) => new Idle(inputs, scope),
            inputs =>
                [
                    .. IndexNames.Problems(("index", inputs.Index)),
                    .. inputs.For <= TimeSpan.Zero
                        ? [new InputProblem("for", "a time longer than 0 is expected")]
                        : Array.Empty<InputProblem>(),
                ]
        );

    /// <inheritdoc/>
    public async ValueTask<IdleState> ObserveAsync(CancellationToken ct)
    {
        using var transport = new SearchTransport(
            scope.Connection<ElasticsearchSettings>(inputs.Connection),
            scope.Clock
        );
        var index = new SearchIndex(transport, inputs.Index);
        var uses = await Traffic.OverAsync(index, inputs.For, scope.Clock, ct);
        return new IdleState
        {
            For = inputs.For,
            Uses = uses,
            Aliases = (await index.RequireAsync(ct)).Aliases,
        };
    }

    /// <inheritdoc/>
    public Verdict Judge(IdleState observed) =>
        !observed.Aliases.IsEmpty ? new Verdict.NotYet($"the alias {observed.Aliases[0]} points at {inputs.Index}")
        : !observed.Uses.IsEmpty
            ? new Verdict.NotYet(
                $"{inputs.Index} is in use: {Traffic.Words(observed.Uses)} within {Duration.Format(observed.For)}"
            )
        : Verdict.Ok;
}

[JsonSerializable(typeof(IdleInputs))]
[JsonSerializable(typeof(IdleState))]
internal sealed partial class ElasticsearchIdleJson : JsonSerializerContext;
