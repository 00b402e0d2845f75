using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>What was destroyed cannot be used by a later step.</summary>
/// <remarks>Reading it is allowed: a check may prove that it is gone. Steps whose inputs wait for the run are not judged.</remarks>
internal static class UsedAfterDestroy
{
    public const string Code = "used-after-destroy";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        var destroyed = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var entry in outline.Entries)
        {
            foreach (var touch in entry.Touches)
            {
                if (Used(touch).FirstOrDefault(destroyed.ContainsKey) is { } resource)
                    yield return new Finding
                    {
                        Code = Code,
                        Step = entry.Item.Id,
                        Message =
                            $"'{entry.Item.Id}' uses {resource}, which '{destroyed[resource].Item.Id}' destroys before",
                        Hint = "move the step that destroys it behind this one",
                    };
            }
            foreach (var touch in entry.Touches)
            {
                if (touch.Kind == TouchKind.Destroy)
                    destroyed.TryAdd(touch.Resource, entry);
                else if (touch.Kind == TouchKind.Create)
                    destroyed.Remove(touch.Resource);
            }
        }
    }

    private static IEnumerable<string> Used(Touch touch)
    {
        if (touch.Kind is TouchKind.Modify or TouchKind.Rename or TouchKind.RouteTo or TouchKind.BackUp)
            yield return touch.Resource;
        foreach (var resource in touch.Uses)
            yield return resource;
    }
}
