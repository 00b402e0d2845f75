using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint;

/// <summary>A restore takes back all that happened to a store since its backup, and comes before the undo of what the plan did in between: an undo that works on that store and on something else then finds one half of its work gone.</summary>
/// <remarks>What altered that store alone is not undone any more, and files are put back as they were whatever stands there.</remarks>
internal static class UndoAfterRestore
{
    public const string Code = "undo-after-restore";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        foreach (var (change, backup, saved) in Backups.Of(outline))
        {
            var store = saved.Select(touch => touch.Resource).Where(Members.IsMember).ToArray();
            var halved = store.Length == 0 ? null : outline.Entries.Find(entry => IsHalved(entry));
            if (halved is not null)
                yield return new Finding
                {
                    Code = Code,
                    Step = change.Id,
                    Message =
                        $"'{change.Name}' is taken back by restoring '{backup.Name}', which takes half of '{halved.Name}' back with it; the other half is undone after that",
                    Hint = $"make the backup directly before '{change.Id}', behind '{halved.Id}'",
                };

            bool IsHalved(Entry entry) =>
                entry.Item is DoItem
                && entry.Reversal == Reversal.Exact
                && entry != change
                && entry.Ordinal > backup.Ordinal
                && (entry.Ordinal < change.Ordinal || entry.MayRunBeside(change))
                && entry.Touches.Any(touch =>
                    IsEffect(touch) && Array.Exists(store, one => ResourceNames.IsWithin(touch.Resource, one))
                )
                && entry.Touches.Any(touch => touch.Kind != TouchKind.Read && !store.Contains(touch.Resource));
        }
    }

    // What is saved, frozen and thawed stays as it was.
    private static bool IsEffect(Touch touch) =>
        touch.Kind
            is TouchKind.Create
                or TouchKind.Modify
                or TouchKind.Rename
                or TouchKind.RouteTo
                or TouchKind.RouteAway
                or TouchKind.Destroy;
}
