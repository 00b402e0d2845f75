using System.Collections.Immutable;
using Belay.Domain.Journal;

namespace Belay.Engine.Ports;

/// <summary>Where journals live. One contract suite (<c>tests/JournalKit</c>) holds every store to it.</summary>
public interface IJournalStore
{
    /// <summary>Makes the journal of a new run, its first event in it and durable, and names it in the list of runs.</summary>
    /// <exception cref="JournalException">The run exists, the lease is stale, or the place cannot be written.</exception>
    Task<IJournal> CreateAsync(string run, ILease lease, RunStarted first, CancellationToken ct);

    /// <summary>Opens a journal to go on writing. Proves the whole chain first. A torn last line is cut and told (<see cref="IJournal.Torn"/>).</summary>
    /// <exception cref="JournalException">There is no such run, the lease is stale, or the journal is damaged: the message says where.</exception>
    Task<IJournal> OpenAsync(string run, ILease lease, CancellationToken ct);

    /// <summary>What must be known of a run before its journal is read and proven. Nothing of it is proven yet: whoever acts on it opens the journal first.</summary>
    /// <exception cref="JournalException">There is no such run, or its first line is damaged.</exception>
    Task<RunBeginning> BeginningAsync(string run, CancellationToken ct);

    /// <summary>Reads a journal from its beginning, proving the chain as it goes. A torn last line ends the reading.</summary>
    /// <exception cref="JournalException">There is no such run, or the journal is damaged: the message says where.</exception>
    IAsyncEnumerable<JournalEntry> ReadAsync(string run, CancellationToken ct);

    /// <summary>Reads a journal from its beginning and goes on with each new event, until it is cancelled: then it ends without an exception.</summary>
    /// <exception cref="JournalException">There is no such run, or the journal is damaged: the message says where.</exception>
    IAsyncEnumerable<JournalEntry> FollowAsync(string run, CancellationToken ct);

    /// <summary>The runs of an environment, the newest first; of all environments when none is named.</summary>
    /// <exception cref="JournalException">The journal of one run is damaged so that its environment cannot be told: it is not passed over, for it may be halted half-way.</exception>
    Task<IReadOnlyList<RunName>> ListAsync(string? environment, CancellationToken ct);
}

/// <summary>A run in the list of runs.</summary>
public sealed record RunName(string Run, string Environment, DateTimeOffset StartedAt);

/// <summary>How a run began.</summary>
/// <param name="Environment">The environment for which its plan was read.</param>
/// <param name="PlanFile">The plan file (absolute path).</param>
/// <param name="Inputs">The inputs that the person gave; null: none.</param>
public sealed record RunBeginning(
    string Environment,
    string PlanFile,
    ImmutableSortedDictionary<string, string>? Inputs
)
{
    /// <summary>How a run began, as its first event says.</summary>
    public static RunBeginning Of(RunStarted started) =>
        new(started.Plan.Environment, started.PlanFile, started.Inputs);
}
