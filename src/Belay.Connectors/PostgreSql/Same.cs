using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Connectors.PostgreSql.Moving;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>Which databases must hold the same.</summary>
public sealed record SameInputs
{
    /// <summary>The database whose rows are expected.</summary>
    [Connection("postgresql")]
    public required string From { get; init; }

    /// <summary>The database that must hold them.</summary>
    [Connection("postgresql")]
    public required string To { get; init; }

    /// <summary>Of a table with more rows than this, about this many are compared, drawn by their keys. Default 200000.</summary>
    public long SampleAbove { get; init; } = 200_000;

    /// <summary>Whether sequences must be as far as well: after a switch-over, not before. Default false.</summary>
    public bool Sequences { get; init; }

    /// <summary>How long a row that differs may take to become the same: it may be on its way. Default 10 seconds.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What a comparison found.</summary>
public sealed record SameState : ICompared
{
    /// <summary>The tables on both sides, those that differ first.</summary>
    public required StoreComparison Comparison { get; init; }

    /// <summary>Sequences that are behind on the second side; empty also when they were not asked for.</summary>
    public required ImmutableArray<string> Sequences { get; init; }
}

/// <summary>Two databases hold the same rows, one of which may be written to meanwhile.</summary>
internal sealed class Same(SameInputs inputs, IScope scope) : ICheck<SameState>
{
    /// <summary>The definition of <c>postgresql.same</c>.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<SameInputs, SameState>(
            "postgresql.same",
            "A copy holds the same rows as its source, table by table, by hashes",
            options => new SameContext(options),
            inputs =>
                [
                    new Touch($"postgresql:{inputs.From}", TouchKind.Read),
                    new Touch($"postgresql:{inputs.To}", TouchKind.Read)
                    {
                        Copies = $"postgresql:{inputs.From}",
                        Proves = Domain.Contract.Proof.Same,
                    },
                ],
            (inputs, scope) => new Same(inputs, scope),
            Validate
        );

    /// <inheritdoc/>
    public async ValueTask<SameState> ObserveAsync(CancellationToken ct)
    {
        await using var from = await Side.OpenAsync(inputs.From, scope, ct);
        await using var to = await Side.OpenAsync(inputs.To, scope, ct);
        var tables = new List<ComparedPart>();
        foreach (var table in await KeyedTable.ListAsync(from, ct))
            tables.Add(await new TableComparison(table, from, to, inputs, scope.Clock).RunAsync(ct));
        return new SameState
        {
            Comparison = new StoreComparison
            {
                From = inputs.From,
                To = inputs.To,
                Parts = [.. tables.OrderByDescending(table => table.Differing)],
            },
            Sequences = inputs.Sequences ? await BehindAsync(from, to, ct) : [],
        };
    }

    /// <inheritdoc/>
    public Verdict Judge(SameState observed)
    {
        var tables = observed.Comparison.Parts;
        var differing = tables
            .Where(table => table.Differing > 0)
            .Select(table =>
                $"{table.Name}: {table.Differing} of {table.Compared} rows ({string.Join(", ", table.Examples)})"
            )
            .Concat(observed.Sequences.Select(sequence => $"sequence {sequence} is behind"))
            .ToArray();
        if (differing.Length > 0)
            return new Verdict.NotYet($"{inputs.To} differs from {inputs.From}: {string.Join("; ", differing)}");
        return tables.Sum(table => table.Compared) > 0
            ? Verdict.Ok
            : new Verdict.NotYet($"{inputs.From} holds no row: there is nothing to compare, which proves nothing");
    }

    // Who hands out numbers may go on while both sides are read, so the second one may only be ahead.
    private static async Task<ImmutableArray<string>> BehindAsync(Side from, Side to, CancellationToken ct)
    {
        var expected = await Sequences.ReadAsync(from, ct);
        var there = (await Sequences.ReadAsync(to, ct)).ToDictionary(at => at.Name, StringComparer.Ordinal);
        return
        [
            .. expected
                .Where(at => !there.TryGetValue(at.Name, out var other) || Reached(other) < Reached(at))
                .Select(at => at.Name)
                .Order(StringComparer.Ordinal),
        ];

        static long Reached(Sequences.Position at) => at.IsCalled ? at.Last : at.Last - 1;
    }

    private static IEnumerable<InputProblem> Validate(SameInputs inputs)
    {
        if (inputs.From == inputs.To)
            yield return MoveInputs.ToItself;
        if (inputs.SampleAbove < 1)
            yield return new InputProblem("sample-above", "a number of rows is expected, at least 1");
    }
}

[JsonSerializable(typeof(SameInputs))]
[JsonSerializable(typeof(SameState))]
internal sealed partial class SameContext : JsonSerializerContext;
