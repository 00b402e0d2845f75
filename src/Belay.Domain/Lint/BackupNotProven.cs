namespace Belay.Domain.Lint;

/// <summary>A backup counts only after it was restored into a scratch place and compared.</summary>
internal static class BackupNotProven
{
    public const string Code = "backup-not-proven";

    public static IEnumerable<Finding> Check(Outline outline) =>
        from pair in Backups.Of(outline)
        where !pair.Saved.All(touch => touch.Proven)
        select new Finding
        {
            Code = Code,
            Step = pair.Change.Id,
            Message =
                $"'{pair.Change.Name}' is taken back by restoring '{pair.Backup.Name}', and nobody ever restores that one before it is needed",
            Hint = $"let '{pair.Backup.Id}' prove itself: prove: restore, or a scratch place, as its operation has it",
        };
}
