using System.Text.Json;
using Belay.Domain.Plans;

namespace SimulatedWorld.Lives;

/// <summary>Groups of items.</summary>
internal sealed partial class RandomPlans
{
    private ParallelItem Group(int depth) =>
        new()
        {
            Id = Id("parallel"),
            Title = "parallel",
            Steps = Items(depth - 1),
        };

    private EachItem Loop()
    {
        // Only loops at the top have members, so that the ids of their steps are simple to foretell.
        var members = Enumerable.Range(1, random.Next(1, 5)).Select(n => $"m{n}").ToArray();
        var before = steps.Count;
        var id = Id("each");
        var body = Items(0).Where(item => item is not DoItem { Operation: "toy.wreck" }).ToArray();
        var inside = steps.Skip(before).ToArray();
        steps.RemoveRange(before, steps.Count - before);
        steps.AddRange(members.SelectMany(member => inside.Select(step => $"{step}@{member}")));
        return new EachItem
        {
            Id = id,
            Title = "each",
            Variable = "member",
            Over = JsonElement.Parse($"[{string.Join(',', members.Select(member => $"\"{member}\""))}]"),
            Canary = random.Next(0, 2),
            Batch = random.Next(1, 3),
            Tolerate = random.Next(0, 3),
            Steps =
            [
                .. body.Select(item =>
                    item is DoItem change ? change with { With = Stage.With(item.Id + "-${member}") } : item
                ),
            ],
        };
    }

    private DuringItem During(int depth)
    {
        var id = Id("during");
        var freezes = random.Next(3) > 0;
        steps.Add(id + ".condition");
        return new DuringItem
        {
            Id = id,
            Title = "during",
            Mode = freezes ? DuringMode.Freeze : DuringMode.Hold,
            AtMost = freezes ? TimeSpan.FromSeconds(random.Next(2) == 0 ? 20 : 1800) : null,
            Condition = Stage.Do(id + ".condition", "toy.set", id + "-on"),
            Steps = Items(depth - 1),
        };
    }

    /// <summary>Something is ended for good, once nobody has used it for a while.</summary>
    private Item[] End()
    {
        Ends = true;
        var cell = Id("idle");
        initial.Add((cell, "idle"));
        var (proof, end) = (Id("proof"), Id("end"));
        steps.Add(end);
        return
        [
            new CheckItem
            {
                Id = proof,
                Title = "nobody uses it",
                Operation = "toy.idle",
                With = Stage.With(cell, "idle"),
            },
            Soak(),
            .. random.Next(2) == 0 ? [Approve()] : Array.Empty<Item>(),
            Stage.Do(end, "toy.end", cell),
        ];
    }
}
