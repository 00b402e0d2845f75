using System.Globalization;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>
/// What a restore loses. A restore that a crash interrupted left the database closed, so that nothing can be counted in it, and
/// nothing can be written to it either: what was counted before it was closed, noted in a file of the run, still holds.
/// </summary>
internal sealed class RestoreLoss(Server server, IScope scope)
{
    private readonly string note = Path.Combine(scope.WorkingFolder, $"postgresql-{scope.Token}.loss");

    /// <summary>Counts the rows written or removed since the backup; 0 when this step has restored it already.</summary>
    /// <exception cref="OperationException">Refused: the database is closed, and not by an interrupted restore of this step.</exception>
    public async Task<long> CountAsync(ArchiveManifest manifest, CancellationToken ct)
    {
        if (await new Replacement(server, scope, server.Database).IsDoneAsync(ct))
            return 0;
        if (await new Databases(server).IsClosedAsync(server.Database, ct))
            return Noted()
                ?? throw OperationException.Refused(
                    $"{server.Place}: the database is closed, so that nothing can be counted: ALTER DATABASE {Sql.Name(server.Database)} ALLOW_CONNECTIONS true, then repeat"
                );
        var count = await WriteCount.SinceAsync(server, manifest, ct);
        await NoteAsync(count, ct);
        return count;
    }

    private long? Noted() =>
        File.Exists(note) ? long.Parse(File.ReadAllText(note), CultureInfo.InvariantCulture) : null;

    private async Task NoteAsync(long count, CancellationToken ct)
    {
        await File.WriteAllTextAsync(note + ".new", count.ToString(CultureInfo.InvariantCulture), ct);
        File.Move(note + ".new", note, overwrite: true);
    }
}
