using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Domain.Journal;

/// <summary>A change is about to be undone. Durable before the first effect.</summary>
public sealed record UndoIntent : StepEvent;

/// <summary>A change was taken back, verified by observation; or nothing of it is left to take back.</summary>
public sealed record StepUndone : StepEvent
{
    /// <summary>The state afterwards; null when nothing had to be done.</summary>
    public JsonElement? Observed { get; init; }

    /// <summary>Why nothing had to be done; null when it was undone.</summary>
    public string? Skipped { get; init; }
}

/// <summary>An undo failed, or did not reach the state before.</summary>
public sealed record UndoFailed : StepEvent
{
    /// <summary>Why, and what to do.</summary>
    public required string Why { get; init; }
}

/// <summary>A store is about to be restored from a backup because a change cannot be undone. Durable before the first effect.</summary>
public sealed record RestoreIntent : StepEvent
{
    /// <summary>The step that made the backup.</summary>
    public required string Backup { get; init; }

    /// <summary>What is lost, counted just now.</summary>
    public required Loss Loss { get; init; }
}

/// <summary>A store was restored and compared with the backup.</summary>
public sealed record StoreRestored : StepEvent
{
    /// <summary>The step that made the backup.</summary>
    public required string Backup { get; init; }
}
