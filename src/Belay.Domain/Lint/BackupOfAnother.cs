using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>The backup must hold all that the change alters, or restoring it does not take the change back.</summary>
internal static class BackupOfAnother
{
    public const string Code = "backup-of-another";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        foreach (var (change, backup, saved) in Backups.Of(outline))
        {
            if (
                change.Touches.FirstOrDefault(touch =>
                    IsAltered(touch) && !saved.Any(s => ResourceNames.IsWithin(touch.Resource, s.Resource))
                ) is
                { } other
            )
                yield return new Finding
                {
                    Code = Code,
                    Step = change.Id,
                    Message =
                        $"'{change.Name}' alters {other.Resource}, and '{backup.Name}', from which it is restored, saves {saved[0].Resource}",
                    Hint = "name the backup of what the change alters",
                };
        }
    }

    private static bool IsAltered(Touch touch) =>
        touch.Kind is TouchKind.Modify or TouchKind.Rename or TouchKind.Destroy
        && !ResourceNames.IsCommand(touch.Resource);
}
