using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives;

/// <summary>What the file's shape says of the order, worked out apart from the engine.</summary>
internal static class PlanOrder
{
    /// <summary>Why a change may not take effect yet; null: it may.</summary>
    public static string? WhyTooEarly(Plan plan, RunReading reading, string step)
    {
        var (id, suffix) = Split(step);
        return Before(plan.Steps, "", id, suffix, reading);
    }

    /// <summary>Whether an item is wholly done.</summary>
    public static bool IsComplete(Item item, string suffix, RunReading reading) =>
        item switch
        {
            PhaseItem or ParallelItem => item.Children.All(child => IsComplete(child, suffix, reading)),
            DuringItem during => IsDone(during.Id + suffix, reading)
                && reading.Find(during.Condition.Id + suffix)?.HasEffect != true
                && during.Steps.All(child => IsComplete(child, suffix, reading)),
            EachItem each => IsDone(each.Id + suffix, reading)
                && reading.Find(each.Id + suffix) is { Members: { } members } loop
                && members.All(member =>
                    loop.SetAside.ContainsKey(member.Key) || IsComplete(each, member.Key, suffix, reading)
                ),
            _ => IsDone(item.Id + suffix, reading),
        };

    /// <summary>A step's id and what its loop put behind it.</summary>
    public static (string Id, string Suffix) Split(string step) =>
        step.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? (step[..at], step[at..]) : (step, "");

    private static bool IsComplete(EachItem each, string member, string suffix, RunReading reading) =>
        each.Steps.All(child => IsComplete(child, $"{suffix}@{member}", reading));

    private static bool IsDone(string step, RunReading reading) => reading.Find(step)?.State == StepState.Done;

    private static string? Before(
        ImmutableArray<Item> items,
        string suffix,
        string id,
        string whole,
        RunReading reading
    )
    {
        foreach (var item in items)
        {
            if (Holds(item, id))
                return Inside(item, suffix, id, whole, reading);
            if (!IsComplete(item, suffix, reading))
                return $"{item.Id}{suffix} stands before it, and is not done";
        }
        return null;
    }

    private static string? Inside(Item item, string suffix, string id, string whole, RunReading reading) =>
        item switch
        {
            _ when item.Id == id => null,
            PhaseItem phase => Before(phase.Steps, suffix, id, whole, reading),
            ParallelItem parallel => Before(
                [parallel.Steps.First(child => Holds(child, id))],
                suffix,
                id,
                whole,
                reading
            ),
            DuringItem during when during.Condition.Id == id => null,
            DuringItem during => IsDone(during.Condition.Id + suffix, reading)
                ? Before(during.Steps, suffix, id, whole, reading)
                : $"the condition {during.Condition.Id}{suffix} is not in force",
            EachItem each => WhyNotItsTurn(each, suffix, whole, reading)
                ?? Before(each.Steps, whole, id, whole, reading),
            _ => null,
        };

    private static string? WhyNotItsTurn(EachItem each, string suffix, string whole, RunReading reading)
    {
        if (reading.Find(each.Id + suffix) is not { Members: { } members } loop)
            return "its loop has not begun";
        var own = whole[(suffix.Length + 1)..];
        if (loop.SetAside.ContainsKey(own))
            return "its member was set aside";
        var index = members.Select(member => member.Key).ToList().IndexOf(own);
        var canaries = members.Take(Math.Min(each.Canary, index));
        if (canaries.FirstOrDefault(canary => !IsComplete(each, canary.Key, suffix, reading)) is { } first)
            return $"the canary {first.Key} is not done";
        var underWay = members.Count(member =>
            member.Key != own
            && !loop.SetAside.ContainsKey(member.Key)
            && !IsComplete(each, member.Key, suffix, reading)
            && each.Steps.Any(child => reading.Find($"{child.Id}{suffix}@{member.Key}") is not null)
        );
        var most = index < each.Canary ? 1 : each.Batch;
        return underWay < most ? null : $"{underWay} other members are under way";
    }

    private static bool Holds(Item item, string id) =>
        item.Id == id
        || (item is DuringItem during && during.Condition.Id == id)
        || item.Children.Any(child => Holds(child, id));
}
