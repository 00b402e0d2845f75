using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>Nobody writes to a store while it is restored: the restore itself shuts everybody out, or the plan has stopped all members by then, on the way back too.</summary>
/// <remarks>What comes after the change is taken back before the restore, so members that the plan starts later do not run then; those that it stopped before the change are started again only afterwards.</remarks>
internal static class RestoreUnderWriters
{
    public const string Code = "restore-under-writers";

    public static IEnumerable<Finding> Check(Outline outline) =>
        from pair in Backups.Of(outline)
        let open = pair.Saved.FirstOrDefault(touch => !touch.ClosedWhileRestored && Members.IsMember(touch.Resource))
        where open is not null
        let who = WhoWrites(outline, pair.Change)
        where who is not null
        select new Finding
        {
            Code = Code,
            Step = pair.Change.Id,
            Message =
                $"'{pair.Change.Name}' is taken back by restoring '{pair.Backup.Name}' into {open.Resource}, which stays open meanwhile, and {who}",
            Hint = "stop those who write to it before this step, and start them behind it",
        };

    private static string? WhoWrites(Outline outline, Entry change)
    {
        // By member: whether it may run when the change is taken back.
        var running = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var entry in outline.Entries)
        {
            foreach (var touch in entry.Touches.Where(touch => Members.IsMember(touch.Resource)))
            {
                var member = outline.Members.Of(touch.Resource);
                if (outline.Members.IsStore(member) || RunsAfter(touch) is not { } runs)
                    continue;
                var isBefore = entry.IsDoneBefore(change) || (runs && entry.MayRunBeside(change));
                // Of what is touched later only that does not run yet which is made then.
                if (isBefore || !running.ContainsKey(member))
                    running[member] = isBefore ? runs : touch.Kind != TouchKind.Create;
            }
        }
        return running.Count == 0 ? "the plan stops nobody who writes to it"
            : running.FirstOrDefault(member => member.Value).Key is { } writer ? $"{writer} runs then"
            : null;
    }

    /// <summary>Whether a member runs once it was touched so; null: that does not tell.</summary>
    private static bool? RunsAfter(Touch touch) =>
        touch.Kind switch
        {
            TouchKind.Create or TouchKind.RouteTo => true,
            TouchKind.Destroy => false,
            TouchKind.RouteAway => touch.Drains ? false : null,
            _ => null,
        };
}
