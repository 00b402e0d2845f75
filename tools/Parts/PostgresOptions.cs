using System.Collections.Immutable;

namespace Belay.Parts;

/// <summary>What a test asks of a PostgreSQL server.</summary>
public sealed record PostgresOptions
{
    private const int Debian = 15;

    /// <summary>The major version: 15, if not said otherwise; 13, 17 and 18 are parts of their own.</summary>
    public int Version { get; init; } = Debian;

    /// <summary>
    /// The password of the superuser <c>postgres</c> over TCP (scram-sha-256); by default none is asked for. The unix
    /// socket never asks for one.
    /// </summary>
    public string? Password { get; init; }

    /// <summary>Whether commits are flushed to disk. Off by default: a test does not survive a power cut either.</summary>
    public bool Durable { get; init; }

    /// <summary>Whether it has a system identifier of its own. Off by default: its data are a copy, which takes a fifth of the time.</summary>
    public bool OwnIdentifier { get; init; }

    /// <summary>More settings, each as <c>name=value</c>, for example <c>wal_level=logical</c>.</summary>
    public ImmutableArray<string> Settings { get; init; } = [];

    /// <summary>Its certificate and key for TLS; without one it speaks none.</summary>
    public PostgresTls? Tls { get; init; }

    /// <summary>The folder of its data and log, kept afterwards; by default a temporary one, which is removed.</summary>
    public string? Folder { get; init; }

    /// <summary>What a program of this version is called among the parts.</summary>
    internal string Program(string name) => Version == Debian ? name : $"{name}-{Version}";
}

/// <summary>A server's certificate and key.</summary>
/// <param name="Certificate">PEM.</param>
/// <param name="Key">PEM, not encrypted.</param>
public sealed record PostgresTls(string Certificate, string Key);
