using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Readings;

namespace Belay.Engine.Rollback;

/// <summary>What going back means for a run as it stands: a plan derived from the journal alone. Pure.</summary>
public sealed record WayBack
{
    /// <summary>What is taken back, in this order.</summary>
    public required ImmutableArray<WayBackStep> Steps { get; init; }

    /// <summary>Steps done that can never be taken back, the last one first; when there is one, going back beyond it is refused.</summary>
    public required ImmutableArray<string> Never { get; init; }

    /// <summary>Steps that are taken back by restoring a backup; each needs its loss to be accepted.</summary>
    public ImmutableArray<WayBackStep> Restores => [.. Steps.Where(step => step.Reversal == Reversal.Restore)];

    /// <summary>Derives the way back: everything that may stand, the last begun first.</summary>
    /// <param name="reading">The run.</param>
    /// <param name="to">The step that is the last one to be undone; null: all.</param>
    public static WayBack Of(RunReading reading, string? to)
    {
        var last = to is null ? 0 : reading.Find(to)?.Order ?? long.MaxValue;
        var standing = reading
            .Steps.Values.Where(step => step.HasEffect && step.Order >= last)
            .OrderByDescending(step => step.Order)
            .ToArray();
        return new()
        {
            Steps =
            [
                .. standing.Select(step => new WayBackStep(
                    step.Id,
                    step.Intent!.Operation,
                    step.Intent.Reversal,
                    step.Intent.Restore
                )
                {
                    Cost = step.Intent.Difference.UndoCost,
                }),
            ],
            Never = [.. standing.Where(step => step.Intent!.Reversal == Reversal.Never).Select(step => step.Id)],
        };
    }
}

/// <summary>One step of the way back.</summary>
/// <param name="Step">The step.</param>
/// <param name="Operation">Its operation.</param>
/// <param name="Reversal">How it is taken back.</param>
/// <param name="Backup">The step whose backup is restored; null when none is.</param>
public sealed record WayBackStep(string Step, string Operation, Reversal Reversal, string? Backup)
{
    /// <inheritdoc cref="Difference.UndoCost"/>
    public string? Cost { get; init; }
}
