using System.Text.Json.Serialization;

namespace Belay.Connectors.HaProxy;

/// <summary>What an operator asked of a server.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Admin>))]
public enum Admin
{
    /// <summary>It takes new sessions while its health checks pass.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>It takes no new sessions, and finishes those that it has.</summary>
    [JsonStringEnumMemberName("drain")]
    Drain,

    /// <summary>It takes no sessions, and is not checked.</summary>
    [JsonStringEnumMemberName("maint")]
    Maint,
}
