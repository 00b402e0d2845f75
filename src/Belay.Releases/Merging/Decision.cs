using Belay.Formats;

namespace Belay.Releases.Merging;

/// <summary>What a person decided about a key. It stands for this release and the next ones.</summary>
public sealed record Decision
{
    /// <summary>The way to the key, as conflicts name it.</summary>
    public required string Key { get; init; }

    /// <summary>Which side a conflict is settled for; null when a value is given.</summary>
    public Take? Take { get; init; }

    /// <summary>The value that the key gets, instead of a placeholder or of both sides; null when a side is taken.</summary>
    public string? Value { get; init; }

    /// <summary>Whether the value is a text, though it reads as a number or the like.</summary>
    public bool IsText { get; init; }

    /// <summary>Why, for those who read it at the next release.</summary>
    public string? Reason { get; init; }

    internal ValueText AsValue() => new(Value!, IsText || !YamlFormat.IsOtherType(Value!), IsSecret: false);
}
