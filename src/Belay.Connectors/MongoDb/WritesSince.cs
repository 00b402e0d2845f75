using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.MongoDb;

/// <summary>
/// What a restore loses: counted in the replica set's oplog where that reaches back, otherwise by comparing. A restore that a crash
/// interrupted has written to the database itself, so that nothing can be counted: what was counted before it holds, noted in a file of the run.
/// </summary>
internal sealed class WritesSince(Server server, IScope scope, string database)
{
    /// <summary>The unit of a count from the oplog.</summary>
    public const string Logged = "writes in the server's oplog (those of migrations are among them)";

    /// <summary>The unit of a count by comparing.</summary>
    public const string Compared =
        "documents differ at least (by comparing with the backup; updates of one collection count once)";

    private static readonly MongoLossJson Json = new(BelayJson.NewOptions());
    private readonly string note = Path.Combine(scope.WorkingFolder, $"mongodb-{scope.Token}.loss.json");

    /// <summary>Counts what was written to the database since the backup, or since this step restored it.</summary>
    public async Task<Loss> CountAsync(ArchiveManifest manifest, CancellationToken ct)
    {
        var noted = Read();
        if (noted is { Restoring: true })
            return Loss(manifest, noted.Count, noted.Unit);
        await using var session = await server.OpenWholeAsync(ct);
        var since = noted?.OplogTime ?? manifest.OplogTime;
        if (since is { } time && await Oplog.CountAsync(session, database, time, ct) is { } writes)
            return Loss(manifest, writes, Logged);
        var reading = new ContentsReading(session, database);
        await foreach (var _ in reading.RunAsync($"comparing {database}", ct)) { }
        return Loss(manifest, manifest.Contents.LeastWritesTo(reading.Contents), Compared);
    }

    /// <summary>A restore begins: from now on the database's content says nothing of what users wrote.</summary>
    public async Task BeginAsync(ArchiveManifest manifest, CancellationToken ct)
    {
        var loss = await CountAsync(manifest, ct);
        Write(
            new LossNote
            {
                Restoring = true,
                Count = loss.Count,
                Unit = loss.Unit,
            }
        );
    }

    /// <summary>The restore is done: what is written from now on counts.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        await using var session = await server.OpenWholeAsync(ct);
        Write(Read()! with { Restoring = false, OplogTime = Oplog.LastWrite(session.Hello) });
    }

    private static Loss Loss(ArchiveManifest manifest, long? count, string unit) =>
        new()
        {
            Count = count,
            Unit = unit,
            Since = manifest.TakenAt,
        };

    private LossNote? Read() =>
        File.Exists(note) ? JsonSerializer.Deserialize(File.ReadAllBytes(note), Json.LossNote) : null;

    private void Write(LossNote content)
    {
        File.WriteAllBytes(note + ".new", JsonSerializer.SerializeToUtf8Bytes(content, Json.LossNote));
        File.Move(note + ".new", note, overwrite: true);
    }
}

/// <summary>What a run remembers of a count.</summary>
internal sealed record LossNote
{
    public required bool Restoring { get; init; }

    public long? Count { get; init; }

    public required string Unit { get; init; }

    /// <summary>The place in the oplog from which on writes count; null: that of the backup.</summary>
    public long? OplogTime { get; init; }
}

[JsonSerializable(typeof(LossNote))]
internal sealed partial class MongoLossJson : JsonSerializerContext;
