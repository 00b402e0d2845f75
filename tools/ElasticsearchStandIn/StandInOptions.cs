namespace Belay.ElasticsearchStandIn;

/// <summary>How a stand-in is set up.</summary>
public sealed record StandInOptions
{
    /// <summary>The loopback port. Default: a free one.</summary>
    public int? Port { get; init; }

    /// <summary>Whether it gives itself out as OpenSearch. Default: as Elasticsearch.</summary>
    public bool OpenSearch { get; init; }

    /// <summary>The one user. Default: everybody may do everything.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>The clusters from which a reindex may read, <c>HOST:PORT</c> (<c>reindex.remote.whitelist</c>). Default: none.</summary>
    public IReadOnlyList<string> Remotes { get; init; } = [];

    /// <summary>How long a task pauses between two batches. Default 5 ms.</summary>
    public TimeSpan BatchPause { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a snapshot is in progress, and how long a restore takes. Default 60 ms.</summary>
    public TimeSpan SnapshotTime { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>One request in so many is turned away, or its answer lost; 0: none. Default 0.</summary>
    public int FaultsOneIn { get; init; }

    /// <summary>From what the moments of the faults come. Default 1.</summary>
    public int Seed { get; init; } = 1;
}
