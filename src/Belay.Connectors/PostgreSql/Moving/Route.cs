using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>How services find the database, and are led to another one. The calls come in the order in which they stand here.</summary>
internal abstract class Route : IAsyncDisposable
{
    /// <summary>Where services are led, and whether they are held back.</summary>
    public abstract Task<Standing> ReadAsync(CancellationToken ct);

    /// <summary>Makes everything ready that can be before the freeze.</summary>
    public abstract Task PrepareAsync(string value, CancellationToken ct);

    /// <summary>Holds services back at the end of their transactions.</summary>
    public abstract Task HoldAsync(CancellationToken ct);

    /// <summary>The last that is done before the claim: it takes effect only by <see cref="LeadAsync"/>.</summary>
    public abstract Task PlaceAsync(CancellationToken ct);

    /// <summary>Leads services, and proves that they are led there. Safe to repeat.</summary>
    public abstract Task LeadAsync(string value, CancellationToken ct);

    /// <summary>Gets ready to release services though <see cref="HoldAsync"/> has not ended.</summary>
    public virtual Task RenewAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Lets services go on. Safe to repeat.</summary>
    public abstract Task ReleaseAsync(CancellationToken ct);

    /// <summary>What releases services after a time if Belay does not; null: nothing needs to, nobody is held back.</summary>
    public abstract Keeper? Keeper { get; }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Where services are led now.</summary>
    /// <param name="Endpoint">What the file says.</param>
    /// <param name="Loaded">What the pooler that runs does; null without one.</param>
    /// <param name="IsHeld">Whether it holds transactions back.</param>
    public sealed record Standing(string Endpoint, string? Loaded, bool IsHeld);
}
