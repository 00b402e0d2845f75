using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>Reads all that a database holds, at one moment.</summary>
internal sealed class ContentsReading
{
    private DatabaseContents? contents;

    /// <summary>What was read, once <see cref="RunAsync"/> has come to its end.</summary>
    public DatabaseContents Contents => contents ?? throw new InvalidOperationException("nothing was read yet");

    /// <summary>Reads.</summary>
    public async IAsyncEnumerable<Progress> RunAsync(
        Server server,
        string database,
        string doing,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var snapshot = await Snapshot.TakeAsync(server, database, ct);
        var reader = snapshot.Contents;
        await foreach (var progress in reader.ReadTablesAsync(doing, ct))
            yield return progress;
        var sequences = await reader.ReadSequencesAsync(ct);
        contents = new DatabaseContents
        {
            Tables = reader.Tables,
            Sequences = [.. sequences.Select(s => new SequencePosition(s.Key, s.Value, s.Value))],
            Objects = await reader.ReadObjectsAsync(ct),
        };
    }
}
