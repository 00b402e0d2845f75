using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>Which files are to be applied or taken back, and when a folder and a ledger do not go together.</summary>
internal static class MigrationRules
{
    /// <summary>Refuses a folder in which a file was changed after it was applied, or came in before one that is applied.</summary>
    /// <exception cref="OperationException">Refused: the message names the file.</exception>
    public static void CheckApplied(ImmutableArray<AppliedMigration> applied, MigrationFolder files)
    {
        foreach (var entry in applied.Where(a => a.Checksum is not null && files.Has(a.Version)))
        {
            var file = files.Read(entry.Version);
            if (file.Checksum != entry.Checksum)
                throw OperationException.Refused(
                    $"{file.File} was changed after it was applied; bring back the applied text and put the change into a new file"
                );
        }
        if (applied.IsEmpty)
            return;
        var late = files
            .Versions.Except(applied.Select(a => a.Version))
            .Where(version => version > applied[0].Version && version < applied[^1].Version)
            .ToList();
        if (late.Count > 0)
            throw OperationException.Refused(
                $"{files.Read(late[0]).File} is not applied, though later files are; give it a number after {applied[^1].Version:000}"
            );
    }

    /// <summary>The versions to apply, ascending.</summary>
    /// <exception cref="OperationException">Refused: a number between the database's version and the target is missing.</exception>
    public static ImmutableArray<int> Pending(
        ImmutableArray<AppliedMigration> applied,
        MigrationFolder files,
        int target
    )
    {
        var version = applied.IsEmpty ? 0 : applied[^1].Version;
        if (version >= target)
            return [];
        var pending = Enumerable.Range(version + 1, target - version).ToImmutableArray();
        var missing = pending.FirstOrDefault(v => !files.Has(v), -1);
        return missing < 0
            ? pending
            : throw OperationException.Refused(
                $"the database is at version {version}, and migration {missing:000} on the way to {target:000} is missing"
            );
    }

    /// <summary>The files that lead from a database's version back to the one before a step, in the order in which they are run.</summary>
    /// <exception cref="OperationException">Refused: a later step's migration is still applied, or a way back is missing or was changed since the step began.</exception>
    public static ImmutableArray<MigrationFile> WayBack(MigrateState before, MigrateState now, MigrationFolder files)
    {
        var ours = before.Pending.ToImmutableDictionary(file => file.Version);
        var floor = before.Applied.IsEmpty ? now.Applied.FirstOrDefault() : before.Applied[^1];
        return [.. now.Applied.Where(version => version > floor).Reverse().Select(One)];

        MigrationFile One(int version)
        {
            if (!ours.TryGetValue(version, out var file))
                throw OperationException.Refused(
                    $"migration {version:000}, which this step did not apply, is applied; take back the step that did first"
                );
            var down = files.ReadDown(version);
            return down.Checksum == file.Down
                ? down
                : throw OperationException.Refused(
                    $"{down.File} was changed since the step began; bring back its text"
                );
        }
    }
}
