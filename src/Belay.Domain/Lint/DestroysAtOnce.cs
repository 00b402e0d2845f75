using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>Two steps that destroy do not run at the same time: the failure of the one must be able to stop the other.</summary>
internal static class DestroysAtOnce
{
    public const string Code = "destroys-at-once";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        Entry? last = null;
        foreach (var entry in outline.Entries.Where(IsFinal))
        {
            if (last?.MayRunBeside(entry) == true)
                yield return new Finding
                {
                    Code = Code,
                    Step = entry.Id,
                    Message =
                        $"'{last.Name}' and '{entry.Name}' destroy at the same time: when one shows a mistake, the other has made it too",
                    Hint = "destroy one after the other",
                };
            last = entry;
        }
    }

    private static bool IsFinal(Entry entry) =>
        entry.Reversal is Reversal.Never or Reversal.Restore
        && entry.Touches.Any(touch => touch.Kind == TouchKind.Destroy);
}
