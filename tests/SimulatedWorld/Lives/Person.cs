using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine;
using SimulatedWorld.Lives.Judges;

namespace SimulatedWorld.Lives;

/// <summary>The person who goes on with a run until it is closed: forward, back, back in part, or not at all.</summary>
internal sealed class Person(Stage stage, Random random, Tally tally, Witness witness)
{
    private readonly bool lies = random.Next(10) == 0;
    private readonly bool mends = random.Next(4) == 0;
    private readonly bool abandons = random.Next(7) == 0;
    private bool wantsBack = random.Next(3) == 0;
    private bool mended;
    private int rounds;
    private CancellationToken halt;

    /// <summary>What they do next about a run that is not closed, in words and as an order.</summary>
    public Deed Next(CancellationToken halt)
    {
        this.halt = halt;
        var reading = stage.Reading;
        if (Doubt(reading) is { } doubt)
            return Resolve(doubt);
        rounds++;
        if ((abandons && random.Next(3) == 0) || rounds > 40)
            return new("abandon", new Order.Abandon(), stage.Abandon);
        if (reading.Rollback is { } rollback)
            return Back(reading, rollback);
        if (
            reading.Halt is { Cause: HaltCause.Boundary }
            && stage.World.Effects.Any(effect => effect.StartsWith("apply end", StringComparison.Ordinal))
        )
            wantsBack = false;
        // What cannot be mended is taken back, or given up.
        wantsBack |= rounds > 20;
        if (wantsBack && reading.Steps.Values.Any(step => step.HasEffect))
            return Begin(reading);
        if (IsTooOld(reading) || (mends && !mended && random.Next(2) == 0))
            return Mend(reading);
        var waits = random.Next(4) > 0;
        return new(
            "resume",
            new Order.Resume(null, "anna", waits) { Halt = halt },
            () => stage.ResumeHaltable(null, "anna", waits, halt)
        );
    }

    private static StepReading? Doubt(RunReading reading) =>
        reading.Steps.Values.FirstOrDefault(step => step is { State: StepState.InDoubt, Resolution: null });

    /// <summary>The person who is asked looks into the system's own log; or they guess, and are wrong.</summary>
    private Deed Resolve(StepReading step)
    {
        var happened = witness.Net(step.Id) > 0;
        if (!lies)
            return new(
                $"resolve {step.Id} {happened}",
                new Order.Resolve(step.Id, happened),
                () => stage.Resolve(step.Id, happened)
            );
        witness.Lied.Add(step.Id);
        tally.Count("person: says what is not true");
        return new(
            $"resolve {step.Id} wrongly {!happened}",
            new Order.Resolve(step.Id, !happened),
            () => stage.Resolve(step.Id, !happened)
        );
    }

    private Deed Begin(RunReading reading)
    {
        if (random.Next(4) == 0)
        {
            tally.Count("person: accepts no loss");
            return GoBack("rollback, no loss", null, []);
        }
        var standing = reading.Steps.Values.Where(step => step.HasEffect).ToArray();
        if (random.Next(4) > 0)
            return GoBack("rollback", null, random.Next(2) == 0 ? Many(reading) : [], AllOf(reading));
        tally.Count("person: goes back in part");
        var to = standing[random.Next(standing.Length)].Id;
        return GoBack($"rollback to {to}", to, [], AllOf(reading));
    }

    private Deed Back(RunReading reading, RollbackStarted rollback)
    {
        if (reading.Halt is { Cause: HaltCause.Boundary } || (rollback.To is not null && random.Next(2) == 0))
        {
            tally.Count("person: accepts a loss as a number");
            return GoBack("rollback, all", null, Many(reading), AllOf(reading));
        }
        if (random.Next(4) == 0)
        {
            tally.Count("person: accepts too little");
            return GoBack("rollback, little", null, Few(reading), AllOf(reading));
        }
        return new(
            "resume back",
            new Order.Resume(null, "anna", Wait: true) { Halt = halt },
            () => stage.ResumeHaltable(null, "anna", wait: true, halt)
        );
    }

    private Deed GoBack(string what, string? to, Dictionary<string, long> most, params string[] accepted)
    {
        var told = new RollbackOrder
        {
            Run = Stage.Run,
            By = "anna",
            To = to,
            AcceptLoss = [.. accepted],
            // Every other time they know what they do.
            AcceptCombination = stage.Time.GetUtcNow().Second % 2 == 0 ? to : null,
            LossAtMost = most.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        return new(
            what,
            new Order.Rollback(told) { Halt = halt },
            () => stage.Do(engine => engine.RollbackAsync(told, halt))
        );
    }

    private bool IsTooOld(RunReading reading) =>
        !mended
        && reading.Halt is { Cause: HaltCause.Drifted } halt
        && halt.Why.Contains("the backup", StringComparison.Ordinal);

    private Deed Mend(RunReading reading)
    {
        mended = true;
        tally.Count("person: mends the plan");
        var plan = new RandomMends(random).Mended(reading);
        var by = random.Next(2) == 0 ? "rita" : "mia";
        return new($"{by} mends and resumes", new Order.Resume(plan, by, Wait: true), () => stage.Resume(plan, by));
    }

    private static string[] AllOf(RunReading reading) => [.. reading.Steps.Keys];

    private static Dictionary<string, long> Many(RunReading reading) =>
        reading.Steps.Keys.ToDictionary(step => step, _ => 1_000_000L, StringComparer.Ordinal);

    private static Dictionary<string, long> Few(RunReading reading) =>
        reading.Steps.Keys.ToDictionary(step => step, _ => 1L, StringComparer.Ordinal);
}

/// <summary>Something that a person does: in words, as the judges know it, and as an order.</summary>
internal sealed record Deed(string What, Order Order, Func<RunOutcome> Act);
