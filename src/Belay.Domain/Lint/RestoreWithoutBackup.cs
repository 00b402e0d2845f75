using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A change that is taken back through a backup needs that backup to be made before it.</summary>
internal static class RestoreWithoutBackup
{
    public const string Code = "restore-without-backup";

    public static IEnumerable<Finding> Check(Outline outline) =>
        from entry in outline.Entries
        where entry.Reversal == Reversal.Restore
        let why = Problem(outline, entry, (DoItem)entry.Item)
        where why is not null
        select new Finding
        {
            Code = Code,
            Step = entry.Id,
            Message = why,
            Hint = "make a backup before it and name it: restore: ID",
        };

    private static string? Problem(Outline outline, Entry entry, DoItem change)
    {
        if (change.Restore is not { } id)
            return $"'{entry.Name}' can be taken back only by restoring a backup, and names none";
        return outline.Find(id, entry) switch
        {
            null => $"'{entry.Name}' restores from '{id}', which is no step of the plan",
            { IsBackup: false } => $"'{entry.Name}' restores from '{id}', which is no backup",
            var backup when !backup.IsDoneBefore(entry) =>
                $"'{entry.Name}' restores from '{id}', which is not made before it",
            _ => null,
        };
    }
}
