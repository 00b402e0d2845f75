using System.Security.Cryptography.X509Certificates;

namespace Belay.MongoStandIn;

/// <summary>How a stand-in server is set up.</summary>
public sealed record StandInOptions
{
    /// <summary>The loopback port. Default: a free one.</summary>
    public int? Port { get; init; }

    /// <summary>The name of the replica set of which the server is the only member. Default: it stands alone, and keeps no oplog.</summary>
    public string? ReplicaSet { get; init; }

    /// <summary>The one user, known to <c>admin</c>. Default: everybody may do everything.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>The version that the server says it is. Default 7.0.14.</summary>
    public string Version { get; init; } = "7.0.14";

    /// <summary>The feature compatibility version to begin with. Default 6.0.</summary>
    public string FeatureCompatibility { get; init; } = "6.0";

    /// <summary>The address of the primary that a secondary names. Default: the server is the primary.</summary>
    public string? Primary { get; init; }

    /// <summary>Whether the user may read the database <c>local</c>. Default true.</summary>
    public bool MayReadOplog { get; init; } = true;

    /// <summary>The certificate with its key, when the server speaks TLS. Default: it does not.</summary>
    public X509Certificate2? Certificate { get; init; }
}
