using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Stories;

/// <summary>Plays every story: none, one and two faults, and after each halt every way on. A state that was gone on from already is not gone on from again.</summary>
internal sealed class Explorer(Script script, bool pairs, CancellationToken ct)
{
    /// <summary>In how many orders parallel steps meet.</summary>
    private const int Timings = 8;

    private static readonly ImmutableArray<Way> Ways = [new Way.Resume(), new Way.Rollback(), new Way.Abandon()];
    private readonly Faults faults = new();
    private readonly HashSet<string> states = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Code, string Subject), Found> found = [];
    private readonly SortedDictionary<string, int> kinds = new(StringComparer.Ordinal);

    /// <summary>What was violated, the shortest story first.</summary>
    public IReadOnlyCollection<Found> Violations => found.Values;

    /// <summary>Stories played, by what went wrong in them.</summary>
    public IReadOnlyDictionary<string, int> Kinds => kinds;

    /// <summary>Orders that were not played because the same would have happened in the same state.</summary>
    public int Folded { get; private set; }

    public void Explore()
    {
        var beginning = new Open(new StoryId([]), Position.Beginning(script));
        var smooth = PlayAll([(beginning, new Order(new Way.Start(), null))]);
        PlayAll([.. Orders().Select(seed => (beginning, new Order(new Way.Start(), new Fault.Timing(seed))))]);
        // Every other story would show the same again.
        if (found.Count > 0)
            return;
        var ways = Go([.. smooth.SelectMany(story => Broken(beginning, story))]);
        if (pairs)
            GoTwice(ways);
    }

    /// <summary>A second fault meets the ways on.</summary>
    private void GoTwice(List<(Open From, Told Story)> ways)
    {
        foreach (var (from, story) in ways)
        {
            ct.ThrowIfCancellationRequested();
            Go([.. Broken(from, story)]);
        }
    }

    /// <summary>Plays the way back: once each change is done, all the way and to each step that stands, and each of these ways with every fault.</summary>
    public void ExploreBack()
    {
        var beginning = new Open(new StoryId([]), Position.Beginning(script));
        var smooth = PlayAll([(beginning, new Order(new Way.Start(), null))]);
        if (found.Count > 0)
            return;
        var halts = PlayAll([
            .. smooth
                .SelectMany(story => story.Played.Changes)
                .Select(step => (beginning, new Order(new Way.Start(), new Fault.HaltedAfter(step)))),
        ]);
        var back = OpenOf(halts)
            .SelectMany(from =>
                from.At.Standing.Select(step => new Way.Rollback(step))
                    .Prepend(new Way.Rollback())
                    .Select(way => (From: from, Order: new Order(way, null)))
            )
            .ToImmutableArray();
        var unbroken = PlayAll(back);
        PlayWaysOn(OpenOf(unbroken));
        var ways = Go([.. back.Zip(unbroken).SelectMany(pair => Broken(pair.First.From, pair.Second))]);
        if (pairs)
            GoTwice(ways);
    }

    /// <summary>Plays orders with faults, and from each new state that they leave open every way on.</summary>
    private List<(Open From, Told Story)> Go(ImmutableArray<(Open From, Order Order)> orders)
    {
        var open = OpenOf(PlayAll(orders));
        var next = PlayWaysOn(open);
        var at = open.ToDictionary(from => from.Id.ToString(), StringComparer.Ordinal);
        return
        [
            .. next.Where(story => story.Id.Orders[^1].Way is Way.Resume or Way.Rollback)
                .Select(story => (at[new StoryId(story.Id.Orders[..^1]).ToString()], story)),
        ];
    }

    private Told[] PlayWaysOn(ImmutableArray<Open> open) =>
        PlayAll([.. open.SelectMany(from => WaysOn(from).Select(way => (from, new Order(way, null))))]);

    /// <summary>The stories that are left open, each state once.</summary>
    private ImmutableArray<Open> OpenOf(IEnumerable<Told> stories) =>
        [
            .. stories
                .Where(story => story.Played.Ending.IsOpen && IsNew(story.Played.After))
                .Select(story => new Open(story.Id, story.Played.After)),
        ];

    private IEnumerable<(Open From, Order Order)> Broken(Open from, Told story) =>
        faults
            .Of(story.Id.Orders[^1], story.Played)
            .Select(fault => (from, story.Id.Orders[^1] with { Fault = fault }));

    private Told[] PlayAll(ImmutableArray<(Open From, Order Order)> orders)
    {
        var told = new Told[orders.Length];
        Parallel.For(
            0,
            orders.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct },
            i => told[i] = Play(orders[i].From, orders[i].Order)
        );
        foreach (var story in told)
            Count(story);
        return told;
    }

    private Told Play(Open from, Order order)
    {
        var id = from.Id.Then(order.Way, order.Fault);
        var played = Player.Play(script, from.At, order);
        Judge.Close(id, played);
        return new Told(id, played);
    }

    private void Count(Told story)
    {
        var kind = string.Join(
            " then ",
            story.Id.Orders.Select(order => order.Fault).OfType<Fault>().Select(KindOf).DefaultIfEmpty("nothing")
        );
        kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        foreach (var violation in story.Played.After.World.Violations)
            found.TryAdd((violation.Code, violation.Subject), new Found(story.Id, violation));
    }

    private static IEnumerable<Way> WaysOn(Open from) =>
        from.At.World.Frozen.Any() ? Ways.Append(new Way.Watchdog()) : Ways;

    private bool IsNew(Position position)
    {
        if (states.Add(position.Signature))
            return true;
        Folded++;
        return false;
    }

    private IEnumerable<int> Orders() =>
        script.Plan.AllItems().Any(item => item is ParallelItem or EachItem { Batch: > 1 })
            ? Enumerable.Range(1, Timings)
            : [];

    private static string KindOf(Fault fault) =>
        fault switch
        {
            Fault.At at => at.Harm.ToString().ToLowerInvariant(),
            Fault.AtCommit => "crash",
            Fault.HaltedAfter => "halt",
            _ => "timing",
        };

    /// <summary>A story that a person has to go on with.</summary>
    private sealed record Open(StoryId Id, Position At);

    /// <summary>A story, played up to its last order.</summary>
    private sealed record Told(StoryId Id, Played Played);
}

/// <summary>A violation, and the story that leads to it.</summary>
internal sealed record Found(StoryId Story, Violation Violation);
