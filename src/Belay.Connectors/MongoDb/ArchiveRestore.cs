using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb;

/// <summary>Makes a database hold what an archive holds, and nothing else.</summary>
/// <remarks><c>mongorestore --drop</c> leaves collections that the archive does not have: those are dropped here.</remarks>
internal sealed class ArchiveRestore(Server server, IScope scope)
{
    private readonly Databases databases = new(server, scope.Clock);

    /// <summary>Restores.</summary>
    /// <param name="archive">Where the archive lies.</param>
    /// <param name="from">The database that was saved.</param>
    /// <param name="contents">What the archive holds.</param>
    /// <param name="into">The database to fill.</param>
    /// <param name="ct">Ends it.</param>
    public async IAsyncEnumerable<Progress> RunAsync(
        string archive,
        string from,
        DatabaseContents contents,
        string into,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var tool = new ToolRun(scope, server.Place);
        var command = Tools.Restore(server.Settings, archive, from, into);
        await foreach (
            var progress in tool.RunAsync(command, contents.Collections.Length, $"restoring into {into}", ct)
        )
            yield return progress;
        var kept = contents
            .Collections.Select(collection => collection.Name)
            .ToImmutableHashSet(StringComparer.Ordinal);
        var dropped = await databases.DropOthersAsync(into, kept, ct);
        if (dropped.Count > 0)
            yield return Progress.Say($"dropped what the archive does not have: {string.Join(", ", dropped)}");
    }

    /// <summary>Reads a database and says in what it differs from what it should hold; empty when it does not.</summary>
    public async Task<ImmutableArray<string>> CompareAsync(
        DatabaseContents expected,
        string database,
        CancellationToken ct
    )
    {
        await using var session = await server.OpenWholeAsync(ct);
        var reading = new ContentsReading(session, database);
        await foreach (var _ in reading.RunAsync($"comparing {database}", ct)) { }
        return expected.DifferencesOf(reading.Contents);
    }
}
