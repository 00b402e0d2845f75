using System.Collections.Immutable;

namespace Belay.Parts;

/// <summary>What a test asks of a pooler.</summary>
public sealed record PgBouncerOptions
{
    /// <summary>The line of a database in its file: <c>shop = host=127.0.0.1 port=5432 dbname=shop</c>.</summary>
    public required string Database { get; init; }

    /// <summary>The roles that may enter, with their passwords; they enter the server with the same ones.</summary>
    public required ImmutableSortedDictionary<string, string> Users { get; init; }

    /// <summary>The user of its console, one of <see cref="Users"/>.</summary>
    public required string Administrator { get; init; }

    /// <summary>How clients prove who they are (<c>auth_type</c>): <c>scram-sha-256</c>, <c>md5</c>, <c>plain</c>, <c>trust</c>. Default <c>scram-sha-256</c>.</summary>
    public string Authentication { get; init; } = "scram-sha-256";

    /// <summary>When a session is given back (<c>pool_mode</c>). Default <c>transaction</c>.</summary>
    public string Mode { get; init; } = "transaction";

    /// <summary>More lines of its section <c>[pgbouncer]</c>.</summary>
    public ImmutableArray<string> Settings { get; init; } = [];
}
