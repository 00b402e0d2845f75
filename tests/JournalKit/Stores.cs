using Belay.Engine.Ports;

namespace JournalKit;

/// <summary>The five ports of one store.</summary>
public sealed record Stores(
    IJournalStore Journals,
    ILeases Leases,
    IRequests Requests,
    ISealedValues SealedValues,
    IIdentities Identities
);
