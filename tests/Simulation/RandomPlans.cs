using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Belay.Domain.Plans;
using SimulatedWorld;

namespace Simulation;

/// <summary>Plans made from a seed: sequences, parallel groups, loops, freezes, holds, every kind of toy.</summary>
internal sealed class RandomPlans(Random random)
{
    private static readonly string[] Changes = ["toy.set", "toy.pair", "toy.post", "toy.once", "toy.set", "toy.wreck"];
    private readonly List<string> steps = [];
    private string? backup;
    private int next;

    /// <summary>The ids of all changes, loops' members included.</summary>
    public IReadOnlyList<string> Steps => steps;

    public Plan Make()
    {
        var items = ImmutableArray.CreateBuilder<Item>();
        backup = Id("save");
        items.Add(Stage.Do(backup, "toy.save", "store"));
        steps.Add(backup);
        items.AddRange(Items(depth: 2, suffix: ""));
        return Stage.PlanOf(items.ToImmutable());
    }

    private ImmutableArray<Item> Items(int depth, string suffix) =>
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => One(depth, suffix))];

    private Item One(int depth, string suffix) =>
        (depth == 0 ? 0 : random.Next(0, 9)) switch
        {
            <= 4 => Change(suffix),
            5 => Group(suffix, depth),
            6 => Loop(),
            7 => During(depth, suffix),
            _ => new SoakItem
            {
                Id = Id("soak"),
                Title = "soak",
                Time = TimeSpan.FromSeconds(random.Next(1, 5)),
            },
        };

    private ParallelItem Group(string suffix, int depth) =>
        new()
        {
            Id = Id("parallel"),
            Title = "parallel",
            Steps = Items(depth - 1, suffix),
        };

    private EachItem Loop()
    {
        // Only loops at the top have members, so that the ids of their steps are simple to foretell.
        var members = Enumerable.Range(1, random.Next(1, 4)).Select(n => $"m{n}").ToArray();
        var before = steps.Count;
        var id = Id("each");
        var body = Items(0, "");
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
            Steps =
            [
                .. body.OfType<DoItem>()
                    .Where(item => item.Operation != "toy.wreck")
                    .Select(item => (Item)(item with { With = Stage.With(item.Id + "-${member}") })),
            ],
        };
    }

    private DuringItem During(int depth, string suffix)
    {
        var id = Id("during");
        steps.Add(id + ".condition");
        return new DuringItem
        {
            Id = id,
            Title = "during",
            Mode = random.Next(2) == 0 ? DuringMode.Freeze : DuringMode.Hold,
            AtMost = TimeSpan.FromMinutes(30),
            Condition = Stage.Do(id + ".condition", "toy.set", id + "-on"),
            Steps = Items(depth - 1, suffix),
        };
    }

    private DoItem Change(string suffix)
    {
        var operation = Changes[random.Next(Changes.Length)];
        var id = Id("step");
        steps.Add(id + suffix);
        return Stage.Do(
            id,
            operation,
            operation == "toy.wreck" ? "store" : id,
            restore: operation == "toy.wreck" ? backup : null
        );
    }

    private string Id(string kind) => kind + (next++).ToString(CultureInfo.InvariantCulture);
}
