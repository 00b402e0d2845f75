using System.Runtime.CompilerServices;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>Restores an archive into an empty database of its own and compares.</summary>
internal sealed class ArchiveRestore(Server server, IScope scope)
{
    private readonly Databases databases = new(server);

    /// <summary>Makes a database, fills it from an archive, and compares it with what the archive should hold. A database of that name is dropped before.</summary>
    /// <param name="name">The database to make.</param>
    /// <param name="model">The database after which it is made.</param>
    /// <param name="location">Where the archive lies.</param>
    /// <param name="expected">What it should hold; null: nothing is known of it.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="OperationException">Refused: the archive cannot be restored, or holds something else.</exception>
    public async IAsyncEnumerable<Progress> RunAsync(
        string name,
        string model,
        string location,
        DatabaseContents? expected,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await databases.DropAsync(name, ct);
        await databases.CreateLikeAsync(name, model, ct);
        var tool = new ToolRun(scope, server.Place);
        var command = Tools.Restore(server.Settings, name, location);
        // Large objects stand in the list, and are no table.
        await foreach (
            var progress in tool.RunAsync(command, expected?.Tables.Length - 1, $"restoring into {name}", ct)
        )
            yield return progress;
        if (expected is null)
            yield break;

        var reading = new ContentsReading();
        await foreach (var progress in reading.RunAsync(server, name, $"comparing {name}", ct))
            yield return progress;
        var differences = expected.DifferencesOf(reading.Contents);
        if (!differences.IsEmpty)
            throw OperationException.Refused(
                $"{server.Place}: the archive was restored into {name} and differs from what was saved: {string.Join("; ", differences)}"
            );
    }
}
