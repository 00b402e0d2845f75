using System.Text;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb;

/// <summary>One server, as operations speak of it.</summary>
/// <param name="settings">The connection.</param>
/// <param name="connection">Its name in the environment.</param>
/// <param name="clock">The clock, for limits.</param>
internal sealed class Server(MongoDbSettings settings, string connection, TimeProvider clock)
{
    // mongorestore's patterns give * and \ a meaning of their own; the other characters no database may have
    // (https://www.mongodb.com/docs/manual/reference/limits/, "Naming Restrictions").
    private const string NeverInNames = "/\\. \"$*<>:|?";
    private const int LongestName = 63;

    public MongoDbSettings Settings => settings;

    public string Database => settings.Database;

    /// <summary>Where, for messages.</summary>
    public string Place => $"{connection} ({settings.Address})";

    /// <summary>Opens a session with a server that takes writes.</summary>
    /// <exception cref="OperationException">It cannot be reached, refuses the login, or is no primary.</exception>
    public async Task<MongoSession> OpenAsync(CancellationToken ct)
    {
        var session = await MongoSession.OpenAsync(settings, clock, ct);
        if (session.Hello["isWritablePrimary"] is { } writable && writable.AsBool())
            return session;
        await session.DisposeAsync();
        throw session.Hello["primary"] is { Type: BsonType.Text } primary
            ? OperationException.Refused(
                $"{Place} takes no writes: the primary is {primary.AsText()}; name it in the connection"
            )
            : OperationException.Transient($"{Place} takes no writes, and its replica set has no primary now");
    }

    /// <summary>Opens a session with a server that holds all of its databases itself.</summary>
    /// <exception cref="OperationException">As <see cref="OpenAsync"/>; refused also: it is a router of a sharded cluster.</exception>
    public async Task<MongoSession> OpenWholeAsync(CancellationToken ct)
    {
        var session = await OpenAsync(ct);
        // hello: "msg" has the value isdbgrid when a mongos answers.
        if (session.Hello["msg"] is not { Type: BsonType.Text })
            return session;
        await session.DisposeAsync();
        throw OperationException.Refused($"{Place} is a sharded cluster, which this operation does not cover");
    }

    /// <summary>What is wrong with a database's name; null when nothing is.</summary>
    public static string? ProblemOf(string database) =>
        database.Length == 0 || database.Any(c => NeverInNames.Contains(c, StringComparison.Ordinal) || c == '\0')
            ? $"is no name of a database: it has at least one character, and none of {NeverInNames}"
        : Encoding.UTF8.GetByteCount(database) > LongestName ? $"is longer than {LongestName} bytes"
        : database is "admin" or "local" or "config" ? "is the server's own"
        : null;
}
