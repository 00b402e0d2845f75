using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Plans;

namespace SimulatedWorld.Lives;

/// <summary>Plans made from a seed: every kind of item, around every kind of toy.</summary>
internal sealed partial class RandomPlans(Random random)
{
    /// <summary>The watch's name, and its cell.</summary>
    public const string Watched = "shop";

    /// <summary>Another watch, where there are two.</summary>
    public const string AlsoWatched = "lane";

    private readonly bool hasSecrets = random.Next(8) == 0;
    private readonly List<Watch> watches = [];

    /// <summary>Soaks last so long that the run parks.</summary>
    public bool Parks { get; } = random.Next(5) == 0;

    // Steps that are done before whatever is made next.
    private readonly List<string> settled = [];
    private int certain = int.MaxValue;
    private bool mayApprove = true;
    private readonly List<string> steps = [];
    private readonly List<(string Cell, string Value)> initial = [(Watched, "up"), (AlsoWatched, "up")];
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
        if (random.Next(2) == 0)
            watches.Add(Watch(Watched));
        if (random.Next(4) == 0)
            watches.Add(Watch(AlsoWatched));
        backup = Id("save");
        steps.Add(backup);
        items.Add(Stage.Do(backup, "toy.save", "store"));
        items.AddRange(random.Next(8) == 0 ? [Loop(), Loop()] : Items(depth: random.Next(3) == 0 ? 1 : 2));
        if (random.Next(4) == 0)
        {
            items.AddRange(End());
            if (random.Next(2) == 0)
                items.AddRange(Items(depth: 0));
        }
        return Stage.PlanOf(items.ToImmutable()) with { Watches = [.. watches], Files = [new PlanFile("a.sql", "1")] };
    }

    private Watch Watch(string name) =>
        new()
        {
            Name = name,
            Operation = "toy.is",
            With = Stage.With(name, "up"),
            Every = TimeSpan.FromMilliseconds(
                random.Next(3) switch
                {
                    0 => 400,
                    1 => 3000,
                    _ => 1000,
                }
            ),
            Tolerate = random.Next(0, 3),
        };

    private ImmutableArray<Item> Items(int depth) =>
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => One(depth))];

    private Item One(int depth) =>
        (depth == 0 ? random.Next(0, 11) : random.Next(0, 16)) switch
        {
            <= 6 => Change(),
            7 => Check(),
            8 => Soak(),
            9 when mayApprove => Approve(),
            9 or 10 => Confirm(),
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
