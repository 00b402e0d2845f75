using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine;

namespace SimulatedWorld.Lives;

/// <summary>The person who goes on with a run until it is closed: forward, back, back in part, or not at all.</summary>
internal sealed class Person(Stage stage, Random random, Tally tally, Witness witness)
{
    private readonly bool lies = random.Next(10) == 0;
    private readonly bool mends = random.Next(4) == 0;
    private readonly bool abandons = random.Next(12) == 0;
    private bool wantsBack = random.Next(3) == 0;
    private bool mended;

    /// <summary>What they do next about a run that is not closed, in words and as an order.</summary>
    public (string What, Func<RunOutcome> Act) Next()
    {
        var reading = stage.Reading;
        if (Doubt(reading) is { } doubt)
            return Resolve(doubt);
        if (abandons && random.Next(3) == 0)
            return ("abandon", stage.Abandon);
        if (reading.Rollback is { } rollback)
            return Back(reading, rollback);
        if (
            reading.Halt is { Cause: HaltCause.Boundary }
            && stage.World.Effects.Any(effect => effect.StartsWith("apply end", StringComparison.Ordinal))
        )
            wantsBack = false;
        if (wantsBack && reading.Steps.Values.Any(step => step.HasEffect))
            return Begin(reading);
        if (IsTooOld(reading) || (mends && !mended && random.Next(2) == 0))
            return Mend(reading);
        return ("resume", () => stage.Resume());
    }

    private static StepReading? Doubt(RunReading reading) =>
        reading.Steps.Values.FirstOrDefault(step => step is { State: StepState.InDoubt, Resolution: null });

    /// <summary>The person who is asked looks into the system's own log; or they guess, and are wrong.</summary>
    private (string, Func<RunOutcome>) Resolve(StepReading step)
    {
        var happened = witness.Net(step.Id) > 0;
        if (!lies)
            return ($"resolve {step.Id} {happened}", () => stage.Resolve(step.Id, happened));
        witness.Lied.Add(step.Id);
        tally.Count("person: says what is not true");
        return ($"resolve {step.Id} wrongly {!happened}", () => stage.Resolve(step.Id, !happened));
    }

    private (string, Func<RunOutcome>) Begin(RunReading reading)
    {
        if (random.Next(4) == 0)
        {
            tally.Count("person: accepts no loss");
            return ("rollback, no loss", () => stage.Rollback());
        }
        var standing = reading.Steps.Values.Where(step => step.HasEffect).ToArray();
        if (random.Next(4) > 0)
            return ("rollback", () => stage.Rollback(null, AllOf(reading)));
        tally.Count("person: goes back in part");
        var to = standing[random.Next(standing.Length)].Id;
        return ($"rollback to {to}", () => stage.Rollback(to, AllOf(reading)));
    }

    private (string, Func<RunOutcome>) Back(RunReading reading, RollbackStarted rollback)
    {
        if (reading.Halt is { Cause: HaltCause.Boundary } || (rollback.To is not null && random.Next(2) == 0))
        {
            tally.Count("person: accepts a loss as a number");
            return ("rollback, all", () => stage.Rollback(null, Many(reading), AllOf(reading)));
        }
        if (random.Next(4) == 0)
        {
            tally.Count("person: accepts too little");
            return ("rollback, little", () => stage.Rollback(null, Few(reading), AllOf(reading)));
        }
        return ("resume back", () => stage.Resume());
    }

    private bool IsTooOld(RunReading reading) =>
        !mended
        && reading.Halt is { Cause: HaltCause.Drifted } halt
        && halt.Why.Contains("the backup", StringComparison.Ordinal);

    private (string, Func<RunOutcome>) Mend(RunReading reading)
    {
        mended = true;
        tally.Count("person: mends the plan");
        var plan = RandomPlans.Mended(reading.Plan!);
        var by = random.Next(2) == 0 ? "rita" : "mia";
        return ($"{by} mends and resumes", () => stage.Resume(plan, by));
    }

    private static string[] AllOf(RunReading reading) => [.. reading.Steps.Keys];

    private static Dictionary<string, long> Many(RunReading reading) =>
        reading.Steps.Keys.ToDictionary(step => step, _ => 1_000_000L, StringComparer.Ordinal);

    private static Dictionary<string, long> Few(RunReading reading) =>
        reading.Steps.Keys.ToDictionary(step => step, _ => 1L, StringComparer.Ordinal);
}
