using System.Runtime.CompilerServices;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>Writes an archive of a database, and reads what it must hold from the very same snapshot.</summary>
internal sealed class Dump(Server server, IScope scope, ArchiveFormat format, string path)
{
    private DatabaseContents? contents;

    /// <summary>What the archive must hold, once <see cref="RunAsync"/> has come to its end.</summary>
    public DatabaseContents Contents => contents ?? throw new InvalidOperationException("nothing was saved yet");

    /// <summary>The moment (UTC) that it holds.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>The place in the write-ahead log at that moment.</summary>
    public string Lsn { get; private set; } = "";

    /// <summary>The transactions that it holds.</summary>
    public string Transactions { get; private set; } = "";

    /// <summary>The server's system identifier.</summary>
    public string System { get; private set; } = "";

    /// <summary>Writes it.</summary>
    public async IAsyncEnumerable<Progress> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await using var snapshot = await Snapshot.TakeAsync(server, server.Database, ct);
        (At, Lsn, Transactions, System) = (snapshot.At, snapshot.Lsn, snapshot.Transactions, snapshot.System);
        var reader = snapshot.Contents;
        var tables = await reader.TableNamesAsync(ct);
        // Sequences take no part in snapshots: what the archive holds lies between the two readings.
        var first = await reader.ReadSequencesAsync(ct);
        var command = Tools.Dump(server.Settings, snapshot.Name, format, path);
        var tool = new ToolRun(scope, server.Place);
        await foreach (var progress in tool.RunAsync(command, tables.Count, $"saving {server.Database}", ct))
            yield return progress;
        var last = await reader.ReadSequencesAsync(ct);
        await foreach (var progress in reader.ReadTablesAsync($"reading {server.Database} to compare", ct))
            yield return progress;
        contents = new DatabaseContents
        {
            Tables = reader.Tables,
            Sequences =
            [
                .. first.Select(s => new SequencePosition(s.Key, s.Value, last.GetValueOrDefault(s.Key, s.Value))),
            ],
            Objects = await reader.ReadObjectsAsync(ct),
        };
    }
}
