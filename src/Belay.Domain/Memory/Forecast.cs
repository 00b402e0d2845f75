using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace Belay.Domain.Memory;

/// <summary>How long a plan, or what is left of it, will take, as far as earlier runs tell.</summary>
public sealed record Forecast
{
    /// <summary>The sum of the medians along the tree: sequences add, parallel groups take the longest.</summary>
    public required TimeSpan Typical { get; init; }

    /// <summary>The sum of the 90th percentiles along the tree. Rarely reached: not every step is slow in the same run.</summary>
    public required TimeSpan Most { get; init; }

    /// <summary>Steps that were never measured, and loops whose members are not known yet: their time is not in the sums, or counts once.</summary>
    public required ImmutableArray<string> Unmeasured { get; init; }

    /// <summary>Steps that wait for a person, or for samples: nobody can say how long.</summary>
    public required ImmutableArray<string> OpenEnded { get; init; }

    /// <summary>With how much work was reckoned, by the step: what a step that is at work says itself, else as much as in the newest run. Steps whose size is not known are not among them.</summary>
    public required ImmutableSortedDictionary<string, Amount> Amounts { get; init; }

    /// <summary>The sums are whole: everything in them was measured, and nothing waits for a person.</summary>
    public bool IsWhole => Unmeasured.IsEmpty && OpenEnded.IsEmpty;

    /// <summary>Of a plan that has not begun.</summary>
    public static Forecast Of(Plan plan, Measurements known) =>
        new Forecaster(known, find: _ => null, now: default).Of(plan);

    /// <summary>Of what is left of a run.</summary>
    public static Forecast Of(RunReading reading, Measurements known, DateTimeOffset now) =>
        new Forecaster(known, reading.Find, now).Of(reading.Plan!);

    private sealed class Forecaster(Measurements known, Func<string, StepReading?> find, DateTimeOffset now)
    {
        private readonly SortedSet<string> unmeasured = new(StringComparer.Ordinal);
        private readonly SortedSet<string> openEnded = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Amount> amounts = new(StringComparer.Ordinal);

        public Forecast Of(Plan plan)
        {
            var time = Sequence(plan.Steps, suffix: "");
            return new()
            {
                Typical = time.Typical,
                Most = time.Most,
                Unmeasured = [.. unmeasured],
                OpenEnded = [.. openEnded],
                Amounts = amounts.ToImmutableSortedDictionary(StringComparer.Ordinal),
            };
        }

        private Time Sequence(ImmutableArray<Item> items, string suffix) =>
            items.Aggregate(Time.Zero, (sum, item) => sum + One(item, suffix));

        private Time One(Item item, string suffix) =>
            find(item.Id + suffix) is { State: StepState.Done }
                ? Time.Zero
                : item switch
                {
                    ParallelItem parallel => parallel
                        .Steps.Select(child => One(child, suffix))
                        .Aggregate(Time.Zero, Time.Longest),
                    EachItem each => Loop(each, suffix),
                    DuringItem during => One(during.Condition, suffix) + Sequence(during.Steps, suffix),
                    SoakItem { Time: { } time } => Soak(item, time, suffix),
                    SoakItem or ApproveItem or ConfirmItem => OpenEnd(item),
                    _ when StepTimes.OperationOf(item) is { } operation => Work(item, operation, suffix),
                    _ => Sequence(item.Children, suffix),
                };

        private Time Work(Item item, string operation, string suffix)
        {
            if (known.Find(item.Id, operation) is not { } spread)
            {
                unmeasured.Add(item.Id);
                return Time.Zero;
            }
            var begun = find(item.Id + suffix) is { State: StepState.Running } running ? running : null;
            if ((AmountOf(begun) is { } told && told.Unit == spread.Newest?.Unit ? told : spread.Newest) is { } amount)
                (amounts[item.Id], spread) = (amount, spread.For(amount));
            return new Time(spread.P50, spread.P90).Less(begun is null ? TimeSpan.Zero : now - begun.StartedAt);
        }

        private static Amount? AmountOf(StepReading? begun) =>
            begun?.Progress is { Total: > 0 and var total, Unit: { } unit } ? new Amount(total, unit) : null;

        private Time Soak(Item item, TimeSpan time, string suffix) =>
            new Time(time, time).Less(find(item.Id + suffix)?.SoakedTime ?? TimeSpan.Zero);

        private Time OpenEnd(Item item)
        {
            openEnded.Add(item.Id);
            return Time.Zero;
        }

        private Time Loop(EachItem each, string suffix)
        {
            var keys = Members(each, suffix);
            if (keys is null)
            {
                unmeasured.Add(each.Id);
                return Sequence(each.Steps, suffix);
            }
            var members = keys.Select(key => Sequence(each.Steps, $"{suffix}@{key}")).ToArray();
            var canary = members.Take(each.Canary).Aggregate(Time.Zero, (sum, member) => sum + member);
            return members
                .Skip(each.Canary)
                .Chunk(Math.Max(each.Batch, 1))
                .Aggregate(canary, (sum, batch) => sum + batch.Aggregate(Time.Zero, Time.Longest));
        }

        // Before a loop begins only the number of its members is known, and that only if they stand in the plan.
        private IReadOnlyList<string>? Members(EachItem each, string suffix) =>
            find(each.Id + suffix)?.Members is { } begun ? [.. begun.Select(member => member.Key)]
            : each.Over.ValueKind == JsonValueKind.Array
                ? [.. Enumerable.Range(0, each.Over.GetArrayLength()).Select(_ => "?")]
            : null;
    }

    private sealed record Time(TimeSpan Typical, TimeSpan Most)
    {
        public static Time Zero { get; } = new(TimeSpan.Zero, TimeSpan.Zero);

        public static Time Longest(Time a, Time b) =>
            new(a.Typical > b.Typical ? a.Typical : b.Typical, a.Most > b.Most ? a.Most : b.Most);

        public static Time operator +(Time a, Time b) => new(Sum(a.Typical, b.Typical), Sum(a.Most, b.Most));

        public Time Less(TimeSpan spent) => new(Left(Typical, spent), Left(Most, spent));

        // Many soaks of a thousand years have no sum.
        private static TimeSpan Sum(TimeSpan a, TimeSpan b) => a > TimeSpan.MaxValue - b ? TimeSpan.MaxValue : a + b;

        private static TimeSpan Left(TimeSpan whole, TimeSpan spent) => whole > spent ? whole - spent : TimeSpan.Zero;
    }
}
