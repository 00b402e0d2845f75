using System.Globalization;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine;
using Belay.Engine.Ports;
using SimulatedWorld.Lives.Judges;

namespace SimulatedWorld.Lives;

/// <summary>One simulated life of a run: a random plan, everything that can go wrong, and people who go on until the run is closed.</summary>
public sealed class Story
{
    private const int MostRounds = 80;
    private readonly int seed;
    private readonly Random random;
    private readonly List<string> told = [];
    private readonly Stage stage;
    private readonly Witness witness;
    private readonly Trouble trouble;
    private readonly Judgement judgement;

    /// <param name="seed">Whatever happens in this life comes from it.</param>
    public Story(int seed)
    {
        this.seed = seed;
        random = new(seed);
        // One life in sixteen goes through the journal's own text: the others would spend most of their time in it.
        stage = new(readsBack: seed % 16 == 0);
        witness = new(stage, Tally);
        trouble = new(stage, random, Tally, witness);
        judgement = new(stage, witness, trouble);
        var people = new People(stage, random, Tally);
        stage.Store.OnDurable = entry =>
        {
            // Another engine may have begun a run of its own.
            if (stage.Store.Journal(Stage.Run) is not [.., var last] || !ReferenceEquals(last, entry))
                return;
            witness.OnDurable(entry);
            people.See(entry.Event);
            trouble.See(entry.Event);
        };
    }

    /// <summary>What was reached.</summary>
    public Tally Tally { get; } = new();

    /// <summary>The run's journal; empty before it started.</summary>
    public IReadOnlyList<JournalEntry> Journal => Started ? stage.Store.Journal(Stage.Run) : [];

    /// <summary>Lives a life, for a judge of the engine.</summary>
    /// <param name="seed">Whatever happens in this life comes from it.</param>
    /// <param name="reached">Told each kind of thing that was reached; null: nobody asks.</param>
    /// <returns>What was violated; null: nothing.</returns>
    public static string? ViolationOf(int seed, Action<string>? reached)
    {
        var story = new Story(seed);
        var violation = story.Live();
        if (reached is not null)
            foreach (var (kind, _) in story.Tally.Kinds)
                reached(kind);
        return violation;
    }

    /// <summary>Lives it.</summary>
    /// <returns>What was violated; null: nothing.</returns>
    public string? Live()
    {
        try
        {
            return Through() is { } violation ? Violation(violation) : null;
        }
        catch (Exception e)
        {
            return Violation(e.ToString());
        }
    }

    private string? Through()
    {
        var made = new RandomPlans(random);
        var plan = made.Make();
        foreach (var (cell, value) in made.Initial)
            stage.World.Set(cell, value);
        trouble.Prepare(made, plan);
        var before = stage.World.Snapshot();
        var person = new Person(stage, random, Tally, witness);
        for (var round = 0; !Closed; round++)
        {
            if (round == MostRounds)
                return "the run does not come to an end";
            if (round == MostRounds / 8)
                trouble.Calm(plan);
            if (round > 0)
                Recover();
            using var halt = trouble.CtrlC();
            var waits = random.Next(8) > 0;
            var deed = Started
                ? person.Next(halt.Token)
                : new(
                    "start",
                    new Order.Start(plan, "anna", waits) { Halt = halt.Token },
                    () => stage.StartHaltable(plan, waits, halt.Token)
                );
            if ((Tell(deed) ?? Aside() ?? Pass() ?? witness.Violation) is { } violation)
                return violation;
        }
        Tally.Count($"end: {stage.Reading.Status}");
        return judgement.AtTheEnd(plan, before) ?? Afterwards();
    }

    /// <summary>Now and then somebody tries what is not allowed, or looks at what going back would mean.</summary>
    private string? Aside()
    {
        if (
            !Started
            || Closed
            || stage.Store.IsDead
            || witness.LeaseWasStolen
            || trouble.IsRestless
            || random.Next(4) > 0
        )
            return null;
        var steps = stage.Reading.Steps.Values.Where(step => step.HasEffect).ToArray();
        var to = steps.Length > 0 && random.Next(2) == 0 ? steps[random.Next(steps.Length)].Id : null;
        return new Previews(stage).Wrong(to)
            ?? (stage.Reading.Steps.Count > 0 ? new Refusals(stage, witness).LetIn() : null);
    }

    private string? Afterwards()
    {
        if (stage.Store.IsDead || witness.LeaseWasStolen || trouble.IsRestless)
            return null;
        if (stage.Store.HasSealed(Stage.Run))
            return "the run is closed, and its secrets lie sealed";
        stage.Store.DieAt = null;
        return (stage.Reading.Steps.Count > 0 ? new Refusals(stage, witness).LetIn() : null)
            ?? new Refusals(stage, witness).ShutOut();
    }

    // The witness has the journal folded event by event: folding all of it anew at every step took half of a life.
    private bool Started => witness.Reading.Start is not null;

    private bool Closed => Started && witness.Reading.Status.IsClosed();

    private void Recover()
    {
        if (!stage.Store.IsDead)
            return;
        Revive();
        trouble.DieSoon();
    }

    /// <summary>Time passes, and what else works on the run comes to its end; at the deadline of a freeze its watchdog wakes.</summary>
    private string? Pass()
    {
        var end =
            stage.Time.GetTimestamp() + TimeSpan.FromSeconds(random.Next(6) == 0 ? 7200 : random.Next(0, 60)).Ticks;
        while (stage.Time.GetTimestamp() < end)
        {
            if (Wake() is { } violation)
                return violation;
            // While another engine is at work, its freezes may begin at any time.
            Sleep(Until(Math.Min(end, NextDeadline)));
        }
        Sleep(() => Task.WhenAll(trouble.UnderWay));
        return Wake();
    }

    private long NextDeadline =>
        witness.Frozen is { } frozen && frozen.Deadline > stage.Time.GetTimestamp() ? frozen.Deadline : long.MaxValue;

    private string? Wake()
    {
        for (var bites = 0; bites < 10; bites++)
        {
            if (Closed || witness.Frozen is not { } frozen || frozen.Deadline > stage.Time.GetTimestamp())
                return null;
            Tally.Count("happening: a watchdog wakes");
            Revive();
            var bite = new Deed(
                "watchdog",
                new Order.Thaw(),
                () => stage.Do(engine => engine.ThawAsync(Stage.Run, "watchdog", default))
            );
            if (Tell(bite) is { } wrong)
                return wrong;
            // A watchdog that died itself comes too late, and the next one with it: it ends all freezes, the innermost first.
            if (stage.Store.IsDead)
                witness.ExcuseFrozen();
            if (stage.World[frozen.Cell] is not null)
                return null;
        }
        return "something is frozen for ever";
    }

    private Func<Task> Until(long moment)
    {
        var left = TimeSpan.FromTicks(Math.Max(0, moment - stage.Time.GetTimestamp()));
        return async () =>
        {
            using var sooner = new CancellationTokenSource();
            await Task.WhenAny(Task.Delay(left, stage.Time, sooner.Token), witness.NextFreeze);
            sooner.Cancel();
        };
    }

    private void Sleep(Func<Task> sleep) =>
        stage.Time.Run(
            async () =>
            {
                await sleep();
                return 0;
            },
            TimeSpan.FromDays(3)
        );

    private void Revive()
    {
        witness.HasGhosts |= trouble.UnderWay.Any(other => !other.IsCompleted);
        witness.Bury();
        stage.Store.Revive();
    }

    private string? Tell(Deed deed)
    {
        var what = deed.What;
        try
        {
            trouble.Working = true;
            witness.Coming = deed.Order;
            var outcome = deed.Act();
            told.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} → {outcome.Reading.Status} {outcome.Reading.Halt?.Cause} {outcome.Reading.Halt?.Step} {outcome.Problem}"
                )
            );
            if (outcome.Reading.Halt is { } halt)
                Tally.Count($"halt: {halt.Cause}");
            var mayJudge =
                outcome.Problem is null && !stage.Store.IsDead && !what.StartsWith("resolve", StringComparison.Ordinal);
            return mayJudge && trouble.UnderWay.All(other => other.IsCompleted)
                ? judgement.AfterOrder(outcome.Reading, outcome.Reading.Plan!)
                : null;
        }
        catch (JournalException) when (stage.Store.IsDead || witness.LeaseWasStolen)
        {
            Tally.Count("happening: the engine died");
            told.Add($"{what} → died");
            return null;
        }
        catch (OrderRefusedException e) when (trouble.UnderWay.Count > 0 || witness.Identities.IsStrange)
        {
            told.Add($"{what} → refused: {e.Message}");
            return null;
        }
        finally
        {
            trouble.Working = false;
            witness.Over();
        }
    }

    private string Violation(string what) =>
        $"seed {seed}: {what}\n  {string.Join("\n  ", told)}\n  effects: {string.Join(", ", stage.World.Effects)}\n  cells: {string.Join(", ", stage.World.Snapshot())}\n"
        + (
            Started
                ? string.Join(
                    "\n",
                    stage
                        .Store.Journal(Stage.Run)
                        .Select(entry => $"  {entry.Sequence} {entry.At:HH:mm:ss.fff} {entry.Event}")
                )
                : ""
        );
}
