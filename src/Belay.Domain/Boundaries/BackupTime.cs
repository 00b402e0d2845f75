using System.Text.Json;
using Belay.Domain.Readings;

namespace Belay.Domain.Boundaries;

/// <summary>Which moment a backup of a run holds: what was written after it is lost by restoring it.</summary>
public static class BackupTime
{
    /// <summary>The member of a backup's state that tells the moment.</summary>
    private const string Member = "taken-at";

    private const int Depth = 4;

    /// <summary>The moment (UTC) that the backup of a step holds, in a loop the earliest of its members; null: none was made.</summary>
    /// <remarks>It is what the backup itself says. One that says nothing holds at least what there was when its last attempt began.</remarks>
    public static DateTimeOffset? Of(RunReading reading, string step)
    {
        if (reading.Find(step) is { } one)
            return Of(one);
        var members = reading
            .Steps.Values.Where(known => known.Id.StartsWith($"{step}@", StringComparison.Ordinal))
            .Select(Of)
            .OfType<DateTimeOffset>()
            .ToArray();
        return members.Length > 0 ? members.Min() : null;
    }

    private static DateTimeOffset? Of(StepReading step) =>
        step is { State: StepState.Done, Intent: not null }
            ? (step.After is { } after ? Find(after, Depth) : null) ?? step.AttemptedAt
            : null;

    private static DateTimeOffset? Find(JsonElement state, int depth)
    {
        if (state.ValueKind != JsonValueKind.Object || depth == 0)
            return null;
        foreach (var member in state.EnumerateObject())
        {
            if (
                member.NameEquals(Member)
                && member.Value.ValueKind == JsonValueKind.String
                && member.Value.TryGetDateTimeOffset(out var at)
            )
                return at.ToUniversalTime();
            if (Find(member.Value, depth - 1) is { } inside)
                return inside;
        }
        return null;
    }
}
