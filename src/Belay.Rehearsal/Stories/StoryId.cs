using System.Collections.Immutable;

namespace Belay.Rehearsal.Stories;

/// <summary>What a person does with a run.</summary>
internal abstract record Way
{
    private const string BackTo = "rollback:";

    private Way() { }

    /// <summary>Start it.</summary>
    internal sealed record Start : Way;

    /// <summary>Go on.</summary>
    internal sealed record Resume : Way;

    /// <summary>Take it back, accepting what is stated to be lost.</summary>
    /// <param name="To">The step that is the last one to be undone; null: all of it.</param>
    internal sealed record Rollback(string? To = null) : Way;

    /// <summary>Nobody goes on, and the watchdog of a freeze ends it at its deadline.</summary>
    internal sealed record Watchdog : Way;

    /// <summary>End it as it stands.</summary>
    internal sealed record Abandon : Way;

    public sealed override string ToString() =>
        this is Rollback { To: { } to } ? BackTo + StoryId.Escape(to) : GetType().Name.ToLowerInvariant();

    public static Way? Parse(string text) =>
        text switch
        {
            _ when text.StartsWith(BackTo, StringComparison.Ordinal) => new Rollback(
                StoryId.Unescape(text[BackTo.Length..])
            ),
            "start" => new Start(),
            "resume" => new Resume(),
            "rollback" => new Rollback(),
            "watchdog" => new Watchdog(),
            "abandon" => new Abandon(),
            _ => null,
        };
}

/// <summary>One order of a story, and what goes wrong while it is carried out.</summary>
internal sealed record Order(Way Way, Fault? Fault)
{
    public override string ToString() => Fault is null ? $"{Way}" : $"{Way}+{Fault}";
}

/// <summary>A story: orders, one after the other. Its text is its id: <c>start+fail-after:expand/rollback</c>.</summary>
internal sealed record StoryId(ImmutableArray<Order> Orders)
{
    public int Faults => Orders.Count(order => order.Fault is not null);

    public StoryId Then(Way way, Fault? fault = null) => new(Orders.Add(new Order(way, fault)));

    public override string ToString() => string.Join('/', Orders);

    /// <summary>Reads an id; null when it is none.</summary>
    public static StoryId? Parse(string text)
    {
        var orders = ImmutableArray.CreateBuilder<Order>();
        foreach (var part in text.Split('/'))
        {
            var words = part.Split('+', 2);
            var fault = words.Length == 2 ? Fault.Parse(words[1]) : null;
            if (Way.Parse(words[0]) is not { } way || (words.Length == 2 && fault is null))
                return null;
            orders.Add(new Order(way, fault));
        }
        return orders is [{ Way: Way.Start }, ..] ? new StoryId(orders.ToImmutable()) : null;
    }

    public static string Escape(string step) =>
        step.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("/", "%2F", StringComparison.Ordinal)
            .Replace("+", "%2B", StringComparison.Ordinal);

    public static string Unescape(string step) => Uri.UnescapeDataString(step);
}
