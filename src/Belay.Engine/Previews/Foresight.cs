using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using Belay.Domain.Plans;

namespace Belay.Engine.Previews;

/// <summary>Looks ahead: observes the target of each change and asks it what is left to do. Alters nothing, fails never: what cannot be told is said to be unknown.</summary>
public sealed class Foresight
{
    /// <summary>How long one target may take to answer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>All operations.</summary>
    public required Catalog Catalog { get; init; }

    /// <summary>The scope in which a step looks at its target.</summary>
    public required Func<string, IScope> ScopeOf { get; init; }

    /// <summary>The value of a reference at a place of the plan; null while only the run can tell it.</summary>
    public required Func<Reference, PlannedStep, JsonElement?> ValueOf { get; init; }

    /// <summary>Takes secrets out of a text.</summary>
    public required Func<string, string> Clean { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>What each of these steps that is a change would do now, in their order.</summary>
    public async Task<ImmutableArray<ForeseenChange>> LookAsync(IEnumerable<PlannedStep> steps, CancellationToken ct)
    {
        var overlaps = new Overlaps();
        var foreseen = ImmutableArray.CreateBuilder<ForeseenChange>();
        foreach (var planned in steps)
        {
            if (planned.Item is DoItem item)
                foreseen.Add(await OneAsync(item, planned, overlaps, ct));
        }
        return foreseen.ToImmutable();
    }

    private async Task<ForeseenChange> OneAsync(
        DoItem item,
        PlannedStep planned,
        Overlaps overlaps,
        CancellationToken ct
    )
    {
        var change = new ForeseenChange
        {
            Step = planned.Step,
            Operation = item.Operation,
            Reversal = Boundary.ReversalOf(item, Catalog),
            Outlook = Outlook.Unknown,
        };
        try
        {
            var inputs = References.Resolve(item.With, reference => ValueOf(reference, planned));
            if (References.In(inputs).Select(reference => reference.ToString()).Distinct().ToArray() is [_, ..] open)
            {
                overlaps.Add(planned.Step, item.Operation);
                return change with { Outlook = Outlook.Later, Why = $"it needs {string.Join(" and ", open)}" };
            }
            var definition = (ChangeDefinition)Catalog.Find(item.Operation)!;
            var difference = await DifferenceAsync(definition, inputs, planned.Step, ct);
            return change with
            {
                Outlook = difference.IsEmpty ? Outlook.Done : Outlook.Differs,
                Difference = difference.IsEmpty ? null : [.. difference.Lines.Select(CleanLine)],
                Reversal = (Reversal)Math.Max((int)change.Reversal, (int)difference.Reversal),
                UndoCost = difference.UndoCost is { } cost ? Clean(cost) : null,
                After = overlaps.Add(planned.Step, item.Operation, definition.TouchesOf(inputs)),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            overlaps.Add(planned.Step, item.Operation);
            return change with { Why = $"no answer within {Limit.TotalSeconds} seconds" };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever an operation throws while it looks becomes a line of what was foreseen.
            overlaps.Add(planned.Step, item.Operation);
            return change with { Why = Clean(e.Message) };
        }
    }

    private async Task<Difference> DifferenceAsync(
        ChangeDefinition definition,
        JsonElement inputs,
        string step,
        CancellationToken ct
    )
    {
        await using var change = definition.Create(inputs, ScopeOf(step));
        using var late = new CancellationTokenSource(Limit, Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        return change.Plan(await change.ObserveAsync(either.Token).AsTask().WaitAsync(either.Token));
    }

    private DifferenceLine CleanLine(DifferenceLine line) =>
        new(Clean(line.What), line.From is { } from ? Clean(from) : null, line.To is { } to ? Clean(to) : null);
}
