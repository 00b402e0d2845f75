using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb;

/// <summary>Finds and drops databases and collections.</summary>
internal sealed class Databases(Server server, TimeProvider clock)
{
    private static readonly TimeSpan CleaningLimit = TimeSpan.FromSeconds(30);

    /// <summary>Whether the database has anything in it; one without collections is none.</summary>
    public async Task<bool> ExistsAsync(string name, CancellationToken ct)
    {
        await using var session = await server.OpenWholeAsync(ct);
        return !(await ContentsReading.ListAsync(session, name, ct)).IsEmpty;
    }

    /// <summary>Drops a database; nothing happens when it is not there.</summary>
    public async Task DropAsync(string name, CancellationToken ct)
    {
        await using var session = await server.OpenWholeAsync(ct);
        await session.RunAsync(name, new BsonBuilder().Add("dropDatabase", 1), ct);
    }

    /// <summary>Drops a database on the way out. What cannot be dropped now is seen by the next observation.</summary>
    public async Task TryDropAsync(string name)
    {
        using var limit = new CancellationTokenSource(CleaningLimit, clock);
        try
        {
            await DropAsync(name, limit.Token);
        }
        catch (Exception e) when (e is OperationException or OperationCanceledException)
        {
            // The failure that led here is the one to tell.
        }
    }

    /// <summary>Drops the collections and views that are not among those to keep; hands out their names.</summary>
    public async Task<IReadOnlyList<string>> DropOthersAsync(
        string database,
        IReadOnlySet<string> kept,
        CancellationToken ct
    )
    {
        await using var session = await server.OpenWholeAsync(ct);
        var others = (await ContentsReading.ListAsync(session, database, ct))
            .Select(collection => collection.Name)
            .Where(name => !kept.Contains(name))
            .ToList();
        foreach (var name in others)
        {
            var (_, refusal) = await session.TryRunAsync(database, new BsonBuilder().Add("drop", name), ct);
            if (refusal is not null and not { Code: Failures.NamespaceNotFound })
                throw refusal.Failure;
        }
        return others;
    }
}
