using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>The changes of a plan that are taken back through a backup, with it.</summary>
internal static class Backups
{
    /// <summary>Each change that names a backup which is one, and what that backup saves; not where nothing is known of it.</summary>
    public static IEnumerable<(Entry Change, Entry Backup, ImmutableArray<Touch> Saved)> Of(Outline outline) =>
        from change in outline.Entries
        where change.Item is DoItem { Restore: not null }
        let backup = outline.Find(((DoItem)change.Item).Restore!, change)
        where backup is { IsBackup: true }
        let saved = backup.Touches.Where(touch => touch.Kind == TouchKind.BackUp).ToImmutableArray()
        where !saved.IsEmpty
        select (change, backup, saved);
}
