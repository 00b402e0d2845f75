using System.Collections.Immutable;

namespace Belay.Connectors.HaProxy;

/// <summary>A server of a backend, as all processes of all balancers see it.</summary>
public sealed record ServerState
{
    /// <summary>The server on each process that serves.</summary>
    public required ImmutableArray<ServerOnProcess> Processes { get; init; }

    /// <summary>Sessions that the server works on and that are queued for it, summed over every process; those that leave after a reload are counted too.</summary>
    public required int Sessions { get; init; }

    /// <summary>How many processes that leave after a reload were counted.</summary>
    public required int Leaving { get; init; }

    /// <summary>The least number of other servers of the backend that get new sessions, over all processes.</summary>
    internal int OthersServing => Processes.Min(p => p.OthersServing);
}

/// <summary>A server as one process sees it.</summary>
public sealed record ServerOnProcess
{
    /// <summary>The socket or master of the process, as the environment names it.</summary>
    public required string Process { get; init; }

    /// <summary>The server; null when the process does not know it.</summary>
    public ServerImage? Server { get; init; }

    /// <summary>How many other servers of the backend get new sessions; those marked backup not counted.</summary>
    public required int OthersServing { get; init; }

    /// <summary>Whether the state file agrees, so that a reload keeps what is set; null when none is configured.</summary>
    public bool? Saved { get; init; }
}

/// <summary>What undo brings back.</summary>
public sealed record ServerImage
{
    /// <summary>The server's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its address and port.</summary>
    public required string Address { get; init; }

    /// <summary>What an operator asked of it.</summary>
    public required Admin Admin { get; init; }

    /// <summary>Its weight, 0 to 256.</summary>
    public required int Weight { get; init; }

    /// <summary>Whether its health, or the lack of any check, allows it to serve.</summary>
    public required bool Running { get; init; }

    /// <summary>Whether health checks are configured for it.</summary>
    public required bool Checked { get; init; }

    /// <summary>Equal in all that an operator can set.</summary>
    internal static bool Same(ServerImage? a, ServerImage? b) =>
        (a?.Name, a?.Address, a?.Admin, a?.Weight) == (b?.Name, b?.Address, b?.Admin, b?.Weight);
}
