using System.Runtime.CompilerServices;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Rehearsal.Stories;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Operations;

/// <summary>The restore of a backup, played on the world.</summary>
internal sealed class SimulatedBackup(SimulatedChange change) : BoundBackup
{
    private World World => change.World;

    private Records.Backup Kept =>
        World.Records.FindBackup(change.Step)
        ?? throw OperationException.Refused($"the backup of '{change.Step}' is gone");

    public override ValueTask<Loss> CountLossAsync(JsonElement after, CancellationToken ct) =>
        ValueTask.FromResult(
            new Loss
            {
                Count = World.Records.Since(Kept),
                Unit = "writes",
                Since = World.Clock.GetUtcNow(),
            }
        );

    public override async IAsyncEnumerable<Progress> RestoreAsync(
        JsonElement after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await change.Scene.MeetAsync(new(change.Step, Work.Restore, Moment.Before), ct);
        await change.Scene.WorkAsync(change.Step, ct);
        var kept = Kept;
        if (!World.Is(kept.Store, Aspect.Exists))
            throw OperationException.Refused($"{kept.Store} is not there");
        if (!kept.IsProven)
            World.Violate(
                Rules.UnprovenRestore,
                change.Step,
                $"{kept.Store} is restored from the backup of '{change.Step}', which nobody has proven",
                change.Step
            );
        World.Records.Restore(kept);
        if (kept.Schema is { } schema and not World.No)
            World.Set(new(kept.Store, Aspect.Schema), schema, change.Step);
        World.Listener?.Invoke(
            change.Step,
            $"{kept.Store} holds what the backup of '{change.Step}' holds; later writes are given up"
        );
        await change.Scene.MeetAsync(new(change.Step, Work.Restore, Moment.After), ct);
        yield break;
    }

    public override ValueTask<Verdict> VerifyRestoredAsync(JsonElement after, CancellationToken ct) =>
        ValueTask.FromResult(Verdict.Ok);
}
