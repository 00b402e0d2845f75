using System.Text.Json;
using Belay.Domain.Plans;

namespace SimulatedWorld.Lives;

/// <summary>Groups of items.</summary>
internal sealed partial class RandomPlans
{
    private ParallelItem Group(int depth)
    {
        var id = Id("parallel");
        // What an approval in one branch looks at may be under way in another one: then nobody can tell a look from the work.
        var outer = mayApprove;
        mayApprove = false;
        var (before, most) = (settled.Count, certain);
        // Its items run at the same time: none can build on another one.
        certain = Math.Min(certain, before);
        var items = Items(depth - 1);
        certain = most;
        settled.RemoveRange(before, settled.Count - before);
        mayApprove = outer;
        return new()
        {
            Id = id,
            Title = "parallel",
            Steps = items,
        };
    }

    private EachItem Loop()
    {
        // Only loops at the top have members, so that the ids of their steps are simple to foretell.
        var (over, members, value) = Over();
        var before = steps.Count;
        var id = Id("each");
        var known = settled.Count;
        var body = Items(0).Where(item => item is not DoItem { Operation: "toy.wreck" }).ToList();
        if (random.Next(8) == 0)
            body.Insert(random.Next(body.Count + 1), Final());
        settled.RemoveRange(known, settled.Count - known);
        var inside = steps.Skip(before).ToArray();
        steps.RemoveRange(before, steps.Count - before);
        steps.AddRange(members.SelectMany(member => inside.Select(step => $"{step}@{member}")));
        return new EachItem
        {
            Id = id,
            Title = "each",
            Variable = "member",
            Over = over,
            Canary = random.Next(0, 2),
            Batch = random.Next(1, 4),
            Tolerate = random.Next(0, 3),
            Steps =
            [
                .. body.Select(item => item is DoItem change ? change with { With = Inside(change, value) } : item),
            ],
        };
    }

    /// <summary>What a loop walks, the keys of its members, and how a step inside tells them apart.</summary>
    private (JsonElement Over, string[] Members, string Value) Over()
    {
        var count = random.Next(1, 5);
        return random.Next(8) switch
        {
            0 => (JsonSerializer.SerializeToElement($"${{steps.{backup}.names}}"), ["n1", "n2"], "${member.name}"),
            1 => (
                JsonElement.Parse(
                    $"[{string.Join(',', Enumerable.Range(1, count).Select(n => $$"""{"name":"o{{n}}","zone":"z{{n}}"}"""))}]"
                ),
                [.. Enumerable.Range(1, count).Select(n => $"o{n}")],
                "${member.zone}"
            ),
            2 => (
                JsonElement.Parse($"[{string.Join(',', Enumerable.Range(11, count))}]"),
                [.. Enumerable.Range(1, count).Select(n => $"{n}")],
                "${member}"
            ),
            3 when random.Next(4) == 0 => (
                JsonSerializer.SerializeToElement($"${{steps.{backup}.saved}}"),
                [],
                "${member}"
            ),
            _ => (
                JsonElement.Parse($"[{string.Join(',', Enumerable.Range(1, count).Select(n => $"\"m{n}\""))}]"),
                [.. Enumerable.Range(1, count).Select(n => $"m{n}")],
                "${member}"
            ),
        };
    }

    private static JsonElement Inside(DoItem change, string value)
    {
        var members = change
            .With.EnumerateObject()
            .ToDictionary(m => m.Name, m => m.Value.GetString()!, StringComparer.Ordinal);
        members["cell"] = $"{change.Id}-{value}";
        return JsonSerializer.SerializeToElement(members);
    }

    /// <summary>A member in which this is done can never be set aside.</summary>
    private DoItem Final()
    {
        var id = Id("final");
        steps.Add(id);
        return Stage.Do(id, "toy.final", id);
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
            AtMost = freezes
                ? TimeSpan.FromSeconds(
                    random.Next(4) is 0 ? 3
                    : random.Next(3) is 0 ? 20
                    : 1800
                )
                : null,
            Condition = Stage.Do(id + ".condition", "toy.set", id + "-on"),
            Steps = Items(depth - 1),
        };
    }

    /// <summary>Something is ended for good, once nobody has used it for a while.</summary>
    private IEnumerable<Item> End()
    {
        Ends = true;
        var (cell, other) = (Id("idle"), Id("idle"));
        initial.Add((cell, "idle"));
        initial.Add((other, "idle"));
        var isLed = random.Next(2) == 0;
        if (isLed)
        {
            initial.Remove((cell, "idle"));
            var route = Id("route");
            steps.Add(route);
            yield return Stage.Do(route, "toy.route", cell) with
            {
                With = Stage.With(cell, "idle"),
            };
        }
        yield return Proof(cell);
        if (random.Next(2) == 0)
            yield return Soak();
        if (random.Next(3) == 0)
        {
            yield return Proof(other);
            if (random.Next(2) == 0)
                yield return Change();
        }
        if (random.Next(2) == 0)
            yield return Approve();
        yield return Ended(cell);
        if (random.Next(2) == 0)
        {
            yield return Proof(other);
            yield return Ended(other);
        }
    }

    private CheckItem Proof(string cell)
    {
        var id = Id("proof");
        steps.Add(id);
        return new()
        {
            Id = id,
            Title = "nobody uses it",
            Operation = "toy.idle",
            With = Stage.With(cell, "idle"),
        };
    }

    private DoItem Ended(string cell)
    {
        var end = Id("end");
        steps.Add(end);
        return Stage.Do(end, "toy.end", cell) with { With = With(cell, null) };
    }
}
