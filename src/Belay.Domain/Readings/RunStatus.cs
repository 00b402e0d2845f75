using System.Text.Json.Serialization;

namespace Belay.Domain.Readings;

/// <summary>How a run stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunStatus>))]
public enum RunStatus
{
    /// <summary>It goes forward; or its engine died and nobody has resumed it yet.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It goes back.</summary>
    [JsonStringEnumMemberName("rolling-back")]
    RollingBack,

    /// <summary>It only waits, and gave its environment back until it wakes.</summary>
    [JsonStringEnumMemberName("parked")]
    Parked,

    /// <summary>It stopped at a safe point and waits for a person: resume, roll back or abandon.</summary>
    [JsonStringEnumMemberName("halted")]
    Halted,

    /// <summary>It reached its end. Closed.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It ended before it had changed anything. Closed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It went back. Closed.</summary>
    [JsonStringEnumMemberName("rolled-back")]
    RolledBack,

    /// <summary>A person ended it as it stood. Closed.</summary>
    [JsonStringEnumMemberName("abandoned")]
    Abandoned,
}

/// <summary>Conveniences over <see cref="RunStatus"/>.</summary>
public static class RunStatusExtensions
{
    /// <summary>Whether the run is over: it can neither be resumed nor rolled back.</summary>
    public static bool IsClosed(this RunStatus status) =>
        status is RunStatus.Done or RunStatus.Failed or RunStatus.RolledBack or RunStatus.Abandoned;
}
