using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Plans;

namespace SimulatedWorld.Lives;

/// <summary>Plans made from a seed: every kind of item, around every kind of toy.</summary>
internal sealed partial class RandomPlans(Random random)
{
    /// <summary>The watch's name, and its cell.</summary>
    public const string Watched = "shop";

    private readonly List<string> steps = [];
    private readonly List<(string Cell, string Value)> initial = [(Watched, "up")];
    private string backup = "";
    private int next;

    /// <summary>The ids of all changes and checks, loops' members included.</summary>
    public IReadOnlyList<string> Steps => steps;

    /// <summary>What the world holds before the run.</summary>
    public IReadOnlyList<(string Cell, string Value)> Initial => initial;

    /// <summary>A plan that ends something for good has no way back behind that.</summary>
    public bool Ends { get; private set; }

    public Plan Make()
    {
        var items = ImmutableArray.CreateBuilder<Item>();
        backup = Id("save");
        steps.Add(backup);
        items.Add(Stage.Do(backup, "toy.save", "store"));
        items.AddRange(Items(depth: 2));
        if (random.Next(6) == 0)
            items.AddRange(End());
        return Stage.PlanOf(items.ToImmutable()) with { Watches = random.Next(3) == 0 ? [Watch()] : [] };
    }

    /// <summary>The plan as somebody mended it after a halt: backups may be old, and a step is added at the end.</summary>
    public static Plan Mended(Plan plan)
    {
        var added = "mend" + plan.Steps.Length.ToString(CultureInfo.InvariantCulture);
        return plan with { Steps = [.. plan.Steps.Select(Mended), Stage.Do(added, "toy.set", added)] };
    }

    private static Item Mended(Item item) =>
        item switch
        {
            DoItem { Restore: not null } wreck => wreck with { BackupAge = TimeSpan.FromDays(100) },
            PhaseItem phase => phase with { Steps = [.. phase.Steps.Select(Mended)] },
            ParallelItem parallel => parallel with { Steps = [.. parallel.Steps.Select(Mended)] },
            DuringItem during => during with { Steps = [.. during.Steps.Select(Mended)] },
            _ => item,
        };

    private static Watch Watch() =>
        new()
        {
            Name = Watched,
            Operation = "toy.is",
            With = Stage.With(Watched, "up"),
            Every = TimeSpan.FromSeconds(1),
            Tolerate = 1,
        };

    private ImmutableArray<Item> Items(int depth) =>
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => One(depth))];

    private Item One(int depth) =>
        (depth == 0 ? random.Next(0, 11) : random.Next(0, 16)) switch
        {
            <= 6 => Change(),
            7 => Check(),
            8 => Soak(),
            9 => Approve(),
            10 => Confirm(),
            11 => Group(depth),
            12 or 13 => Loop(),
            14 => During(depth),
            _ => new PhaseItem
            {
                Id = Id("phase"),
                Title = "phase",
                Steps = Items(depth - 1),
            },
        };

    private string Id(string kind) => kind + (next++).ToString(CultureInfo.InvariantCulture);
}
