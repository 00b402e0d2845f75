namespace Belay.Bench.SwitchOvers;

/// <summary>One way to move a database to another server while services write.</summary>
internal interface IDatabaseMove
{
    /// <summary>Its name in the table.</summary>
    string Name { get; }

    /// <summary>Moves the rows, and the services; ends when the services use the new server.</summary>
    /// <returns>How long it held the services back by its own clock; null: it did not hold them back.</returns>
    Task<TimeSpan?> ThereAsync(DatabaseSite site, CancellationToken ct);

    /// <summary>Leads everything back to the old server.</summary>
    /// <returns>The same; null also where there is no way back.</returns>
    Task<TimeSpan?> BackAsync(DatabaseSite site, CancellationToken ct);

    /// <summary>The newest major version of PostgreSQL that it can move to, with the tools that can be had.</summary>
    int NewestVersion => int.MaxValue;

    /// <summary>Whether there is a way back that keeps what was written meanwhile.</summary>
    bool HasWayBack { get; }
}
