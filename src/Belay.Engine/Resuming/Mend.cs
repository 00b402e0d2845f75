using System.Collections.Immutable;
using Belay.Domain.Plans;

namespace Belay.Engine.Resuming;

/// <summary>What a mend of the plan changed. Pure.</summary>
public sealed record Mend
{
    /// <summary>A line for each item that was added, removed, moved or changed.</summary>
    public required ImmutableArray<string> Changes { get; init; }

    /// <summary>Approvals that no longer cover what comes after them.</summary>
    public required ImmutableArray<string> Voided { get; init; }

    /// <summary>Compares the plan that ran with the plan as its file reads now.</summary>
    public static Mend Between(Plan ran, Plan now)
    {
        var (before, after) = (Flat(ran), Flat(now));
        var changes = ImmutableArray.CreateBuilder<string>();
        foreach (var (id, item) in after)
        {
            if (!before.TryGetValue(id, out var old))
                changes.Add($"added {id}: {item.Title}");
            else if (old.Own != item.Own)
                changes.Add($"changed {id}: {item.Title}");
            else if (old.Previous != item.Previous)
                changes.Add($"moved {id}: {item.Title}");
        }
        changes.AddRange(
            before.Where(old => !after.ContainsKey(old.Key)).Select(old => $"removed {old.Key}: {old.Value.Title}")
        );
        if (!ran.Files.SequenceEqual(now.Files))
            changes.AddRange(now.Files.Except(ran.Files).Select(file => $"file {file.Path} changed"));
        return new()
        {
            Changes = changes.ToImmutable(),
            // An approval covers the whole tree with its files: any change in it needs a new look.
            Voided = changes.Count == 0 ? [] : [.. now.AllItems().OfType<ApproveItem>().Select(item => item.Id)],
        };
    }

    private static Dictionary<string, (string Own, string? Previous, string Title)> Flat(Plan plan)
    {
        var flat = new Dictionary<string, (string, string?, string)>(StringComparer.Ordinal);
        string? previous = null;
        foreach (var item in plan.AllItems())
        {
            flat[item.Id] = (PlanJson.WriteAlone(item), previous, item.Title);
            previous = item.Id;
        }
        return flat;
    }
}
