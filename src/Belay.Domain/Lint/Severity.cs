using System.Text.Json.Serialization;

namespace Belay.Domain.Lint;

/// <summary>What a finding means for a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>The plan must not run, unless a person accepts the finding by name.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>The plan may run, and its author should know.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,
}
