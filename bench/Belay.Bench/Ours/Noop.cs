using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Bench.Ours;

/// <summary>A change that does nothing but remember, in memory, that it was done: what is left is the cost of a step itself.</summary>
internal sealed class Noop(ConcurrentDictionary<string, bool> done, NoopInputs inputs) : IChange<NoopState>
{
    /// <summary>The name in plans.</summary>
    public const string Name = "bench.noop";

    /// <summary>A catalog of this operation alone, with a memory of its own.</summary>
    public static Catalog NewCatalog()
    {
        var done = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        return new Catalog([
            new Connector
            {
                Name = "bench",
                Summary = "Measurements",
                Operations =
                [
                    Define.Change<NoopInputs, NoopState>(
                        Name,
                        "Does nothing",
                        options => new NoopJson(options),
                        Reversal.Exact,
                        given => [new Touch($"bench:{given.Number}", TouchKind.Modify)],
                        (given, _) => new Noop(done, given)
                    ),
                ],
            },
        ]);
    }

    public ValueTask<NoopState> ObserveAsync(CancellationToken ct) =>
        ValueTask.FromResult(new NoopState { Done = done.ContainsKey(inputs.Number) });

    public Difference Plan(NoopState observed) =>
        observed.Done
            ? Difference.None
            : Difference.Of(Reversal.Exact, new DifferenceLine(inputs.Number, "not done", "done"));

    public bool Same(NoopState a, NoopState b) => a == b;

    public Repeat Repeat => Repeat.Safe;

    public async IAsyncEnumerable<Progress> ApplyAsync(NoopState before, [EnumeratorCancellation] CancellationToken ct)
    {
        done[inputs.Number] = true;
        yield break;
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        NoopState before,
        NoopState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        done.TryRemove(inputs.Number, out _);
        yield break;
    }
}

/// <summary>Inputs of <see cref="Noop"/>.</summary>
internal sealed record NoopInputs
{
    /// <summary>What tells the step from the others.</summary>
    public required string Number { get; init; }
}

/// <summary>The state of <see cref="Noop"/>.</summary>
internal sealed record NoopState
{
    /// <summary>Whether it was done.</summary>
    public required bool Done { get; init; }
}

[JsonSerializable(typeof(NoopInputs))]
[JsonSerializable(typeof(NoopState))]
internal sealed partial class NoopJson : JsonSerializerContext;
