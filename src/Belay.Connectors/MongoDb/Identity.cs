using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb;

/// <summary>Which replica set or server answers.</summary>
/// <remarks>
/// A replica set has an id that its first configuration gave it (<c>settings.replicaSetId</c>,
/// https://www.mongodb.com/docs/manual/reference/replica-configuration/). A server outside of one has none; but its collection
/// <c>admin.system.version</c>, in which every server since 3.4 keeps its feature compatibility version, has a UUID that it got when
/// the data files were made and that no dump carries over.
/// </remarks>
internal static class Identity
{
    /// <exception cref="OperationException">The server cannot be reached, or the user may not ask.</exception>
    public static async ValueTask<string?> ReadAsync(MongoDbSettings settings, TimeProvider clock, CancellationToken ct)
    {
        await using var session = await MongoSession.OpenAsync(settings, clock, ct);
        return session.Hello["setName"] is not null
            ? await OfReplicaSetAsync(session, settings, ct)
            : await OfServerAsync(session, settings, ct);
    }

    private static async Task<string?> OfReplicaSetAsync(
        MongoSession session,
        MongoDbSettings settings,
        CancellationToken ct
    )
    {
        var (reply, refusal) = await session.TryRunAsync("admin", new BsonBuilder().Add("replSetGetConfig", 1), ct);
        if (refusal is not null)
            throw Explain(settings, refusal, "clusterMonitor");
        return reply.At("config.settings.replicaSetId") is { Type: BsonType.ObjectId } id
            ? Convert.ToHexStringLower(id.Raw.Span)
            : null;
    }

    private static async Task<string?> OfServerAsync(
        MongoSession session,
        MongoDbSettings settings,
        CancellationToken ct
    )
    {
        var command = new BsonBuilder()
            .Add("listCollections", 1)
            .Add("filter", new BsonBuilder().Add("name", "system.version").Build());
        var (reply, refusal) = await session.TryRunAsync("admin", command, ct);
        if (refusal is not null)
            throw Explain(settings, refusal, "read on the database admin");
        var found = reply.At("cursor.firstBatch")!.Value.AsList();
        return found is [var collection] && collection.AsDocument().At("info.uuid") is { Type: BsonType.Binary } id
            ? Convert.ToHexStringLower(id.AsBytes().Span)
            : null;
    }

    private static OperationException Explain(MongoDbSettings settings, ServerRefusal refusal, string role) =>
        refusal.Code == Failures.Unauthorized
            ? OperationException.Refused(
                $"{settings.Address}: the user {settings.User} may not read which server this is: grant it the role {role}",
                refusal.Failure
            )
            : refusal.Failure;
}
