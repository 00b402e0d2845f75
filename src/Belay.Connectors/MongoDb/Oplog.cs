using Belay.Connectors.MongoDb.Wire;

namespace Belay.Connectors.MongoDb;

/// <summary>The log of writes that every member of a replica set keeps (https://www.mongodb.com/docs/manual/core/replica-set-oplog/).</summary>
internal static class Oplog
{
    private const string Database = "local";
    private const string Collection = "oplog.rs";

    /// <summary>The time of the last write that the server knows; null when it is in no replica set.</summary>
    public static long? LastWrite(BsonDocument hello) =>
        hello.At("lastWrite.opTime.ts") is { Type: BsonType.Timestamp } time ? time.AsInt64() : null;

    /// <summary>Counts a database's writes after a moment; null when the log does not reach back so far, or the user may not read it.</summary>
    public static async Task<long?> CountAsync(MongoSession session, string database, long since, CancellationToken ct)
    {
        if (await OldestAsync(session, ct) is not { } oldest || (ulong)oldest > (ulong)since)
            return null;
        // '/' follows '.': all namespaces that begin with the database's name and a dot.
        var ours = new BsonBuilder().Add("$gte", $"{database}.").Add("$lt", $"{database}/").Build();
        var either = new[]
        {
            new BsonBuilder().Add("ns", ours).Build(),
            // Transactions over several documents stand here as one entry.
            new BsonBuilder()
                .Add("ns", "admin.$cmd")
                .Build(),
        };
        var filter = new BsonBuilder()
            .Add("ts", new BsonBuilder().Add("$gt", BsonType.Timestamp, since).Build())
            .AddList("$or", either)
            .Build();
        long count = 0;
        await foreach (
            var entry in session.ReadAsync(
                Database,
                new BsonBuilder().Add("find", Collection).Add("filter", filter),
                ct
            )
        )
            count += WritesOf(entry, $"{database}.");
        return count;
    }

    private static async Task<long?> OldestAsync(MongoSession session, CancellationToken ct)
    {
        var command = new BsonBuilder()
            .Add("find", Collection)
            .Add("sort", new BsonBuilder().Add("$natural", 1).Build())
            .Add("limit", 1)
            .Add("singleBatch", true);
        var (reply, refusal) = await session.TryRunAsync(Database, command, ct);
        if (refusal is { Code: Failures.Unauthorized })
            return null;
        if (refusal is not null)
            throw refusal.Failure;
        return reply.At("cursor.firstBatch")!.Value.AsList() is [var first, ..]
            ? first.AsDocument()["ts"]!.Value.AsInt64()
            : null;
    }

    // "n" entries are no writes: the primary makes them by itself. Of a transaction its single writes count.
    private static long WritesOf(BsonDocument entry, string prefix)
    {
        if (entry.At("o.applyOps") is { Type: BsonType.Array } inner)
            return inner.AsList().Sum(one => WritesOf(one.AsDocument(), prefix));
        return
            entry["op"] is { Type: BsonType.Text } op
            && op.AsText() is not "n"
            && entry["ns"] is { Type: BsonType.Text } place
            && place.AsText().StartsWith(prefix, StringComparison.Ordinal)
            ? 1
            : 0;
    }
}
