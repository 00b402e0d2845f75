using System.Text.Json.Serialization;
using Belay.Domain.Plans;

namespace Belay.Domain.Compatibility;

/// <summary>A statement: these versions of a component work only beside those of another one.</summary>
public sealed record Need
{
    /// <summary>The component that needs something.</summary>
    public required string Component { get; init; }

    /// <summary>Which of its versions, as a range.</summary>
    public required string Versions { get; init; }

    /// <summary>What it needs.</summary>
    public required string Of { get; init; }

    /// <summary>Which versions of that, as a range.</summary>
    public required string Range { get; init; }

    /// <summary>Why, in the words of the file; null: it does not say.</summary>
    public string? Because { get; init; }

    /// <summary>Where it is stated.</summary>
    [JsonIgnore]
    public SourcePosition? At { get; init; }

    /// <summary>In one line: <c>api >=5 needs postgres >=14</c>.</summary>
    public override string ToString() =>
        $"{Component}{(Versions is "*" ? "" : $" {Versions}")} needs {Of} {Range}{(Because is null ? "" : $" ({Because})")}";
}
