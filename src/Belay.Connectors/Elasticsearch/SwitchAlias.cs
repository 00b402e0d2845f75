using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Which alias to move, from which index to which.</summary>
public sealed record SwitchAliasInputs
{
    /// <summary>The cluster.</summary>
    [Connection("elasticsearch")]
    public required string Connection { get; init; }

    /// <summary>The alias by which users search and write.</summary>
    public required string Alias { get; init; }

    /// <summary>The index that it points at, and at nothing else.</summary>
    public required string From { get; init; }

    /// <summary>The index that it shall point at.</summary>
    public required string To { get; init; }

    /// <summary>On the way back: the longest that writes are refused while the last of them are carried back. Default 30 seconds.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Where an alias points.</summary>
public sealed record SwitchAliasState
{
    /// <summary>The indices, in order.</summary>
    public required ImmutableArray<string> Indices { get; init; }

    /// <summary>The id of the index that it shall point at; null: it is not there.</summary>
    public string? To { get; init; }
}

/// <summary>
/// Moves an alias to another index in one call: no search and no write finds it pointing nowhere. Taken back, what was written meanwhile is
/// carried back first.
/// </summary>
internal sealed class SwitchAlias : IChange<SwitchAliasState>, IDisposable
{
    private readonly SwitchAliasInputs inputs;
    private readonly IScope scope;
    private readonly SearchTransport transport;
    private readonly SearchIndex from;
    private readonly SearchIndex to;
    private readonly SearchAlias alias;

    private SwitchAlias(SwitchAliasInputs inputs, IScope scope)
    {
        (this.inputs, this.scope) = (inputs, scope);
        transport = new SearchTransport(scope.Connection<ElasticsearchSettings>(inputs.Connection), scope.Clock);
        from = new SearchIndex(transport, inputs.From);
        to = new SearchIndex(transport, inputs.To);
        alias = new SearchAlias(transport, inputs.Alias);
    }

    /// <summary>The definition of <c>elasticsearch.switch-alias</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<SwitchAliasInputs, SwitchAliasState>(
            "elasticsearch.switch-alias",
            "Moves an alias to another index in one call; on the way back what was written meanwhile is carried back",
            options => new SwitchAliasJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch(IndexNames.Resource(inputs.Connection, inputs.From), TouchKind.RouteAway),
                    new Touch(IndexNames.Resource(inputs.Connection, inputs.To), TouchKind.RouteTo)
                    {
                        Writer = inputs.Alias,
                    },
                    new Touch(IndexNames.Resource(inputs.Connection, inputs.Alias), TouchKind.Modify),
                ],
            (inputs, scope) => new SwitchAlias(inputs, scope),
            validate: Problems
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<SwitchAliasState> ObserveAsync(CancellationToken ct) =>
        new() { Indices = [.. (await alias.ReadAsync(ct)).Keys], To = (await to.FindAsync(ct))?.Uuid };

    /// <inheritdoc/>
    public Difference Plan(SwitchAliasState observed) =>
        observed.Indices is [var only] && only == inputs.To
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                new DifferenceLine($"alias {inputs.Alias}", string.Join(", ", observed.Indices), inputs.To)
            ) with
            {
                UndoCost =
                    $"what was written to {inputs.To} is carried back to {inputs.From}; the last of it while writes are refused, for at most {Duration.Format(inputs.AtMost)}",
            };

    /// <inheritdoc/>
    public bool Same(SwitchAliasState a, SwitchAliasState b) => a.Indices.SequenceEqual(b.Indices);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        SwitchAliasState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (Plan(await ObserveAsync(ct)).IsEmpty)
            yield break;
        await to.RequireAsync(ct);
        yield return Progress.Say($"switching {inputs.Alias} to {inputs.To}");
        await alias.MoveAsync(inputs.From, inputs.To, ct);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        SwitchAliasState before,
        SwitchAliasState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"switching {inputs.Alias} back to {inputs.From}");
        if ((await ObserveAsync(ct)).Indices is [var only] && only == inputs.To && !before.Indices.Contains(inputs.To))
        {
            await from.RequireAsync(ct);
            var pair = new IndexPair(to, from, scope.Clock);
            // First while writes go on: what is left for the time in which they are refused is little.
            await foreach (var progress in pair.ReconcileAsync($"carrying back to {inputs.From}", ct))
                yield return progress;
            pair.RequireNoneNewer();
            await BackAsync(ct);
        }
        // An earlier attempt may have ended while they were refused.
        await AllowAsync(ct);
    }

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    /// <summary>Writes are refused from here to the switch: the last is carried back, and nothing is written to the index that is left.</summary>
    private async Task BackAsync(CancellationToken ct)
    {
        using var over = new CancellationTokenSource(inputs.AtMost, scope.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, ct);
        var isUnclear = false;
        try
        {
            await to.BlockWritesAsync(either.Token);
            var pair = new IndexPair(to, from, scope.Clock);
            await foreach (var _ in pair.ReconcileAsync("", either.Token)) { }
            pair.RequireNoneNewer();
            var (left, kept) = (await to.CountAsync(either.Token), await from.CountAsync(either.Token));
            if (left != kept)
                throw OperationException.Refused(
                    $"{to.Place} has {left} documents and {from.Name} {kept}: somebody writes to {from.Name} directly; nothing is switched back"
                );
            await alias.MoveAsync(inputs.To, inputs.From, either.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw OperationException.Refused(
                $"{to.Place} refused writes for {Duration.Format(inputs.AtMost)}, and not all of them were carried back: writes go on, and nothing is switched; stop the writers, and roll back again",
                e
            );
        }
        catch (OperationException e) when (e.Kind == FailureKind.OutcomeUnknown)
        {
            // It may have been switched: a write to the index that is left would be lost.
            isUnclear = true;
            throw;
        }
        finally
        {
            if (!isUnclear)
                await AllowAsync(CancellationToken.None);
        }
    }

    private async Task AllowAsync(CancellationToken ct)
    {
        if (await to.FindAsync(ct) is { IsBlocked: true })
            await to.AllowWritesAsync(ct);
    }

    private static IEnumerable<InputProblem> Problems(SwitchAliasInputs inputs)
    {
        foreach (var problem in IndexNames.Problems(("alias", inputs.Alias), ("from", inputs.From), ("to", inputs.To)))
            yield return problem;
        if (inputs.From == inputs.To)
            yield return new InputProblem("to", "another index than from is expected");
        if (inputs.AtMost <= TimeSpan.Zero)
            yield return new InputProblem("at-most", "a time longer than 0 is expected");
    }
}

[JsonSerializable(typeof(SwitchAliasInputs))]
[JsonSerializable(typeof(SwitchAliasState))]
internal sealed partial class SwitchAliasJson : JsonSerializerContext;
