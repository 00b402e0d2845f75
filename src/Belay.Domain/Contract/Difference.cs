using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Belay.Domain.Contract;

/// <summary>What a change still has to do, and how it can be taken back.</summary>
public sealed record Difference
{
    /// <summary>What will change, a line each. Empty: nothing is left to do.</summary>
    public required ImmutableArray<DifferenceLine> Lines { get; init; }

    /// <summary>How the change can be taken back once these lines are applied.</summary>
    public required Reversal Reversal { get; init; }

    /// <summary>What taking these lines back costs though nothing is lost, with its number: <c>20,040 keys are copied back, writes frozen for at most 3s</c>. Null: nothing that anybody would notice.</summary>
    public string? UndoCost { get; init; }

    /// <summary>Nothing is left to do.</summary>
    [JsonIgnore]
    public bool IsEmpty => Lines.IsEmpty;

    /// <summary>Nothing to do.</summary>
    public static Difference None { get; } = new() { Lines = [], Reversal = Reversal.Exact };

    /// <summary>A difference of the given lines.</summary>
    public static Difference Of(Reversal reversal, params IEnumerable<DifferenceLine> lines) =>
        new() { Lines = [.. lines], Reversal = reversal };

    /// <summary>Two differences are equal when their reversals and all their lines are.</summary>
    public bool Equals(Difference? other) =>
        other is not null && Reversal == other.Reversal && Lines.SequenceEqual(other.Lines);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Reversal, Lines.Length);
}

/// <summary>One thing that a change alters. Never holds a secret.</summary>
/// <param name="What">What is altered, in the words of the system: <c>server web1</c>, <c>schema version</c>.</param>
/// <param name="From">Its value now; null when it does not exist.</param>
/// <param name="To">Its value afterwards; null when it will not exist.</param>
public sealed record DifferenceLine(string What, string? From = null, string? To = null)
{
    /// <summary>The value now moves by itself, like a number of sessions: another one later is no other difference. Default false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Moves { get; init; }

    /// <summary>Whether this line says the same as another one that was read at another time.</summary>
    public bool Says(DifferenceLine other) =>
        What == other.What && To == other.To && (From == other.From || (Moves && other.Moves));
}
