using System.Text.Json.Serialization;
using Belay.Domain.Evidence;

namespace Belay.Engine.Ports;

/// <summary>What people ask of a run from another terminal: put down durably, taken in by the engine that runs it, now or at the next resume.</summary>
public interface IRequests
{
    /// <summary>Puts a request down.</summary>
    /// <exception cref="JournalException">There is no such run, or the place cannot be written.</exception>
    Task PutAsync(string run, RunRequest request, CancellationToken ct);

    /// <summary>The requests that wait, in the order in which they came, then each new one, until it is cancelled: then it ends without an exception.</summary>
    /// <exception cref="JournalException">There is no such run, or a request cannot be read.</exception>
    IAsyncEnumerable<PendingRequest> ReadAsync(string run, CancellationToken ct);

    /// <summary>Takes a request away once it is journaled.</summary>
    Task RemoveAsync(string run, PendingRequest request, CancellationToken ct);
}

/// <summary>A request that waits.</summary>
/// <param name="Id">Where the store keeps it.</param>
/// <param name="Request">What is asked.</param>
public sealed record PendingRequest(string Id, RunRequest Request);

/// <summary>Something that a person asks of a run. A closed hierarchy.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "request")]
[JsonDerivedType(typeof(HaltRequest), "halt")]
[JsonDerivedType(typeof(ApproveRequest), "approve")]
[JsonDerivedType(typeof(ConfirmRequest), "confirm")]
public abstract record RunRequest
{
    private protected RunRequest() { }

    /// <summary>Who asks.</summary>
    public required string By { get; init; }

    /// <summary>What they wrote; null: nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>Halt at the next safe point.</summary>
public sealed record HaltRequest : RunRequest;

/// <summary>Approve a step.</summary>
public sealed record ApproveRequest : RunRequest
{
    /// <summary>The step.</summary>
    public required string Step { get; init; }

    /// <summary>The hash that the person saw; the approval counts only for this one.</summary>
    public required string Covers { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}

/// <summary>Say that a manual step is done.</summary>
public sealed record ConfirmRequest : RunRequest
{
    /// <summary>The step.</summary>
    public required string Step { get; init; }

    /// <summary>Their signature under it; null: it is not signed.</summary>
    public FactSignature? Signature { get; init; }
}
