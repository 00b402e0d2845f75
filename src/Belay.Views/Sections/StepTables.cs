using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Readings;
using Belay.Views.Reports;
using Belay.Views.Values;

namespace Belay.Views.Sections;

/// <summary>What a step was given, what it changed, and what was observed.</summary>
internal static class StepTables
{
    /// <summary>A state of more values than this is cut; the whole of it stands in the journal.</summary>
    private const int MostValues = 200;

    public static IEnumerable<Table> Of(RunNode node)
    {
        var known = node.Reading!;
        if (known.Intent is not { } intent)
        {
            yield return Values("Observed last", known.After);
            yield break;
        }
        yield return new Table
        {
            Caption = "What was to change",
            Columns = ["What", "From", "To"],
            Rows =
            [
                .. intent.Difference.Lines.Select<Domain.Contract.DifferenceLine, ImmutableArray<Cell>>(line =>
                    [line.What, Value(line.From), Value(line.To)]
                ),
            ],
        };
        if (known.After is { } after)
            yield return Difference(intent.Before, after);
        else
            yield return Values("State before", intent.Before);
        yield return Values("Inputs", intent.Inputs);
    }

    private static Table Difference(JsonElement before, JsonElement after)
    {
        var changed = StateDifference.Between(before, after);
        return new Table
        {
            Caption = "State before and after, where it differs",
            Columns = ["What", "Before", "After"],
            Rows = Cut(
                changed.Select<ChangedValue, ImmutableArray<Cell>>(one =>
                    [one.Path, Value(one.Before), Value(one.After)]
                ),
                3
            ),
        };
    }

    private static Table Values(string caption, JsonElement? state) =>
        new()
        {
            Caption = caption,
            Columns = ["What", "Value"],
            Rows = Cut(
                JsonLeaves
                    .Of(state)
                    .Select<Leaf, ImmutableArray<Cell>>(leaf =>
                        [leaf.Path.Length == 0 ? "value" : leaf.Path, leaf.Value]
                    ),
                2
            ),
        };

    private static ImmutableArray<ImmutableArray<Cell>> Cut(IEnumerable<ImmutableArray<Cell>> rows, int columns)
    {
        var all = rows.ToImmutableArray();
        return all.Length <= MostValues
            ? all
            :
            [
                .. all.Take(MostValues),
                [
                    new Cell($"and {Say.Count(all.Length - MostValues, "more value")}, in the journal", Tone.Quiet),
                    .. Enumerable.Repeat<Cell>("", columns - 1),
                ],
            ];
    }

    private static Cell Value(string? value) => value ?? new Cell("none", Tone.Quiet);
}
