using System.Text.Json.Serialization;
using Belay.Domain.Plans;

namespace Belay.Domain.Compatibility;

/// <summary>What version of a component shall run in the end.</summary>
/// <param name="Range">A version, or a range of which any will do.</param>
public sealed record Want(string Range)
{
    /// <summary>Where it is stated.</summary>
    [JsonIgnore]
    public SourcePosition? At { get; init; }
}
