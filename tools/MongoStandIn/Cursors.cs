using Belay.Connectors.MongoDb.Wire;

namespace Belay.MongoStandIn;

/// <summary>Answers in batches: 101 documents first unless asked otherwise, then more by <c>getMore</c> (https://www.mongodb.com/docs/manual/core/cursors/).</summary>
internal static class Cursors
{
    private const int FirstBatch = 101;
    private const int NextBatch = 1000;
    private static long last;

    public static BsonBuilder Begin(
        ClientSession session,
        string place,
        BsonDocument command,
        IEnumerable<BsonDocument> documents
    )
    {
        var left = new Queue<BsonDocument>(documents);
        var isSingle = command["singleBatch"] is { } single && single.AsBool();
        var size = command["batchSize"] is { } asked ? (int)asked.AsInt64() : FirstBatch;
        var batch = Take(left, size);
        var id = isSingle || left.Count == 0 ? 0 : Interlocked.Increment(ref last);
        if (id != 0)
            session.Cursors[id] = new Cursor(place, left);
        return Reply("firstBatch", id, place, batch);
    }

    public static BsonBuilder Continue(ClientSession session, BsonDocument command)
    {
        var id = command["getMore"]!.Value.AsInt64();
        if (!session.Cursors.TryGetValue(id, out var cursor))
            throw new CommandException(43, $"cursor id {id} not found");
        var batch = Take(cursor.Left, NextBatch);
        if (cursor.Left.Count == 0)
            session.Cursors.Remove(id);
        return Reply("nextBatch", cursor.Left.Count == 0 ? 0 : id, cursor.Namespace, batch);
    }

    private static List<BsonDocument> Take(Queue<BsonDocument> left, int count)
    {
        var batch = new List<BsonDocument>();
        while (batch.Count < count && left.TryDequeue(out var document))
            batch.Add(document);
        return batch;
    }

    private static BsonBuilder Reply(string name, long id, string place, List<BsonDocument> batch) =>
        new BsonBuilder().Add("cursor", new BsonBuilder().AddList(name, batch).Add("id", id).Add("ns", place).Build());
}
