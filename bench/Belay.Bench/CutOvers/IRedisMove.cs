namespace Belay.Bench.CutOvers;

/// <summary>One way to move a cache to another server while services write.</summary>
internal interface IRedisMove
{
    /// <summary>Its name in the table.</summary>
    string Name { get; }

    /// <summary>Moves all keys, and the services; ends when the services use the new server.</summary>
    Task MoveAsync(CacheSite site, CancellationToken ct);
}
