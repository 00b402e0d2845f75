using System.Text.Json.Serialization;

namespace Belay.Domain.Contract;

/// <summary>How a change can be taken back, from the strongest to the weakest.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Reversal>))]
public enum Reversal
{
    /// <summary>Undo brings back exactly the state before.</summary>
    [JsonStringEnumMemberName("exact")]
    Exact,

    /// <summary>Only by restoring a proven backup: what was written since is lost.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,

    /// <summary>Cannot be taken back.</summary>
    [JsonStringEnumMemberName("never")]
    Never,
}
