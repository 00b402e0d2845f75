using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A change that is taken back through a backup needs that backup to be made before it.</summary>
internal static class RestoreWithoutBackup
{
    public const string Code = "restore-without-backup";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        foreach (var entry in outline.Entries)
        {
            if (
                entry is { Reversal: Reversal.Restore, Item: DoItem change }
                && Problem(outline, entry, change) is { } why
            )
                yield return new Finding
                {
                    Code = Code,
                    Step = change.Id,
                    Message = why,
                    Hint = "make a backup before it and name it: restore: ID",
                };
        }
    }

    private static string? Problem(Outline outline, Entry entry, DoItem change)
    {
        if (change.Restore is not { } id)
            return $"'{change.Id}' can be taken back only by restoring a backup, and names none";
        return outline.Find(id) switch
        {
            null => $"'{change.Id}' restores from '{id}', which is no step of the plan",
            { IsBackup: false } => $"'{change.Id}' restores from '{id}', which is no backup",
            var backup when !backup.IsDoneBefore(entry) =>
                $"'{change.Id}' restores from '{id}', which is not made before it",
            _ => null,
        };
    }
}
