using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Rollback;
using Belay.Engine.Running;

namespace Belay.Engine.Previews;

/// <summary>Counts what a way back would lose now, through the backups that it restores. Alters nothing, fails never: what cannot be counted is said to be unknown.</summary>
public sealed class LossPreview
{
    /// <summary>How long one store may take to answer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>All operations.</summary>
    public required Catalog Catalog { get; init; }

    /// <summary>The scope in which a backup looks at its store.</summary>
    public required Func<string, IScope> ScopeOf { get; init; }

    /// <summary>Where the secret values of runs lie.</summary>
    public required ISealedValues Sealed { get; init; }

    /// <summary>Takes secrets out of a text.</summary>
    public required Func<string, string> Clean { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The loss through each backup, once.</summary>
    public async Task<ImmutableArray<ForeseenLoss>> CountAsync(RunReading reading, WayBack way, CancellationToken ct)
    {
        var losses = ImmutableArray.CreateBuilder<ForeseenLoss>();
        foreach (var step in way.Restores.DistinctBy(step => step.Backup, StringComparer.Ordinal))
            losses.Add(await OneAsync(reading, step, ct));
        return losses.ToImmutable();
    }

    private async Task<ForeseenLoss> OneAsync(RunReading reading, WayBackStep step, CancellationToken ct)
    {
        if (step.Backup is not { } name)
            return new(step.Step, "", Loss: null, "the plan names no backup");
        if (reading.Find(name) is not { State: StepState.Done, Intent: { } intent, After: { } after })
            return new(step.Step, name, Loss: null, $"step '{name}' made no backup in this run");
        try
        {
            var sealing = new Sealing(Sealed, reading.Run);
            await using var change = ((ChangeDefinition)Catalog.Find(intent.Operation)!).Create(
                sealing.Unseal(intent.Inputs),
                ScopeOf(name)
            );
            using var late = new CancellationTokenSource(Limit, Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
            return new(
                step.Step,
                name,
                await change
                    .Backup!.CountLossAsync(sealing.Unseal(after), either.Token)
                    .AsTask()
                    .WaitAsync(either.Token),
                Why: null
            );
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(step.Step, name, Loss: null, $"no answer within {Limit.TotalSeconds} seconds");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever a backup throws while it looks becomes a line of the preview.
            return new(step.Step, name, Loss: null, Clean(e.Message));
        }
    }
}

/// <summary>What restoring a backup would lose now.</summary>
/// <param name="Step">The step that is taken back through it.</param>
/// <param name="Backup">The step that made it; empty when the plan names none.</param>
/// <param name="Loss">The loss; null when it cannot be counted.</param>
/// <param name="Why">Why it cannot be counted; null when it can.</param>
public sealed record ForeseenLoss(string Step, string Backup, Loss? Loss, string? Why);
