using System.Text.Json;

namespace Belay.Domain.Contract;

/// <summary>How far long work has come.</summary>
public sealed record Progress
{
    /// <summary>Units done so far.</summary>
    public long? Done { get; init; }

    /// <summary>Units in total; null when it is not known.</summary>
    public long? Total { get; init; }

    /// <summary>The unit, plural: <c>bytes</c>, <c>keys</c>, <c>sessions</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>What is being done now. Never holds a secret.</summary>
    public string? Message { get; init; }

    /// <summary>From where the work can go on after a crash; journaled durably before the next progress is asked for. Null: no new checkpoint.</summary>
    public JsonElement? Checkpoint { get; init; }

    /// <summary>Progress that is only words.</summary>
    public static Progress Say(string message) => new() { Message = message };

    /// <summary>Progress in numbers.</summary>
    public static Progress Count(long done, long? total, string unit, string? message = null) =>
        new()
        {
            Done = done,
            Total = total,
            Unit = unit,
            Message = message,
        };
}
