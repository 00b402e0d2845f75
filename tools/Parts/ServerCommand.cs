using System.Collections.Immutable;

namespace Belay.Parts;

/// <summary>How a server is started and asked to end.</summary>
internal sealed record ServerCommand
{
    public required string Program { get; init; }

    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>The folder it runs in.</summary>
    public required string Folder { get; init; }

    /// <summary>Both its outputs are appended here.</summary>
    public required string LogFile { get; init; }

    public int StopSignal { get; init; } = Signal.Terminate;

    /// <summary>Whether root hands it to the unprivileged user.</summary>
    public bool AsUnprivileged { get; init; }
}
