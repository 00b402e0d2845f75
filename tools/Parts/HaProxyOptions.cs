namespace Belay.Parts;

/// <summary>What a test asks of an HAProxy server.</summary>
public sealed record HaProxyOptions
{
    /// <summary>
    /// The text of the configuration. It must contain <c>stats socket SOCKET level admin</c> with the path given, and
    /// takes its own ports with <see cref="FreePort.Take"/>: it is asked again when a port turned out to be taken.
    /// </summary>
    public required Func<HaProxyFiles, string> Configuration { get; init; }

    /// <summary>The folder of its files and log, kept afterwards; by default a temporary one, which is removed.</summary>
    public string? Folder { get; init; }
}
