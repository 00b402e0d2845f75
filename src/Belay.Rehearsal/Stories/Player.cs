using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using Belay.Domain.Readings;
using Belay.Engine;
using Belay.Engine.Ports;
using Belay.Engine.Rollback;
using Belay.Rehearsal.Operations;
using Belay.Rehearsal.Simulation;
using Belay.Rehearsal.Telling;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Stories;

/// <summary>Plays one order after the other: each with an engine of its own, as a new process would have it, on what the order before left.</summary>
internal static class Player
{
    /// <summary>The name of the run in every story.</summary>
    public const string Run = "rehearsal";

    /// <summary>No order takes longer than this, in virtual time: longer is stuck.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromDays(30);

    /// <summary>How often a person settles a doubt and goes on.</summary>
    private const int MostRounds = 6;

    /// <summary>A first run that only looks at what the plan does: every change works, every check holds.</summary>
    /// <exception cref="RehearsalException">The plan does not come to its end even so.</exception>
    public static Seen Look(Script script)
    {
        var seen = new Seen();
        var time = new VirtualTime();
        var store = new MemoryStore(time);
        var scene = new Scene(script, time, store, null, null) { Seen = seen, Ledger = new Ledger() };
        var people = new People(store);
        store.OnDurable = entry => people.Answer(entry.Event, script.Plan);
        var catalog = script.Catalog.On(scene);
        var outcome = time.Run(
            () => new RunEngine(Parts(catalog, store, time)).StartAsync(Start(script), default),
            Most
        );
        return outcome.Reading.Status == RunStatus.Done
            ? seen
            : throw new RehearsalException(
                $"the plan does not come to its end even when everything works: {outcome.Reading.Halt?.Why ?? outcome.Reading.Failure?.Why ?? outcome.Problem}"
            );
    }

    /// <summary>Plays an order.</summary>
    public static Played Play(Script script, Position from, Order order, Action<string?, string>? listener = null)
    {
        var (writes, changes) = (new List<string>(), new List<string>());
        var isHalted = false;
        var time = new VirtualTime(from.At);
        var store = from.Store.Fork(time);
        var world = from.World.Fork(time);
        var ledger = from.Ledger.Fork();
        var scene = new Scene(script, time, store, world, order.Fault) { Ledger = ledger, Listener = listener };
        var people = new People(store);
        (world.IsDead, world.Listener) = (() => store.IsDead, listener);
        store.OnDurable = entry => Journaled(entry.Event);
        store.OnCommit = () => writes.Add(world.Signature + ledger.Signature);
        if (order.Fault is Fault.AtCommit commit)
            store.DieAtCommit = store.Commits + commit.Commit;
        var parts = Parts(script.Catalog.On(scene), store, time);
        var ending = new Session(script, parts, store, world, time).Carry(order);
        world.Rest();
        (store.OnDurable, store.OnCommit) = (null, null);
        return new Played
        {
            After = new Position(store, world, ledger, time.GetUtcNow()),
            Ending = ending,
            Spots = scene.Passed,
            Writes = writes,
            Changes = changes,
            FaultHappened = order.Fault is null or Fault.Timing || scene.IsOver || store.IsDead || isHalted,
        };

        void Journaled(JournalEvent happened)
        {
            ledger.Add(happened);
            people.Answer(happened, script.Plan);
            if (happened is StepDone done)
                Ended(done.Step);
            if (listener is not null && JournalWords.Of(happened) is var (step, words))
                listener(step, words);
        }

        void Ended(string step)
        {
            if (script.Looks.Contains(Scenery.BaseOf(step)))
                world.Verify();
            if (script.Changes.Contains(Scenery.BaseOf(step)))
                changes.Add(step);
            if (!isHalted && order.Fault is Fault.HaltedAfter halted && halted.Step == step)
            {
                isHalted = true;
                listener?.Invoke(step, $"STORY: {halted.Words}");
                people.Halt(halted.Words);
            }
        }
    }

    private static EngineParts Parts(Catalog catalog, MemoryStore store, VirtualTime time) =>
        new()
        {
            Catalog = catalog,
            Journals = store,
            Leases = store,
            Requests = store,
            Sealed = store,
            Identities = store,
            Watchdogs = store,
            Children = new NoChildren(),
            Environment = new SimulatedEnvironment(),
            MayAct = People.MayAct,
            WorkingFolder = _ => "/rehearsal",
            Clock = time,
            Version = "rehearsal",
            Host = "rehearsal",
        };

    private static StartOrder Start(Script script) =>
        new()
        {
            Run = Run,
            Plan = script.Plan,
            PlanFile = "/rehearsal/plan.yaml",
            By = People.Operator,
        };

    /// <summary>One order under way.</summary>
    private sealed class Session(Script script, EngineParts parts, MemoryStore store, World world, VirtualTime time)
    {
        public Ending Carry(Order order)
        {
            try
            {
                return order.Way switch
                {
                    Way.Start => EndingOf(Do(engine => engine.StartAsync(Start(script), default))),
                    Way.Resume => Settling(engine =>
                        engine.ResumeAsync(new ResumeOrder { Run = Run, By = People.Operator }, default)
                    ),
                    Way.Rollback { To: { } to } => Settling(engine => engine.RollbackAsync(BackTo(to), default)),
                    Way.Rollback => RollBack(),
                    Way.Watchdog => EndingOf(Do(engine => engine.ThawAsync(Run, "watchdog", default))),
                    Way.Abandon => EndingOf(
                        Do(engine =>
                            engine.AbandonAsync(Run, new RunAbandoned(People.Operator, "the story wants it"), default)
                        )
                    ),
                    _ => throw new InvalidOperationException("a way of no known kind"),
                };
            }
            catch (Exception e) when (store.IsDead && e is JournalException or OrderRefusedException)
            {
                return new Ending.Died();
            }
            catch (TimeoutException e)
            {
                return store.IsDead ? new Ending.Died() : new Ending.Stuck(e.Message);
            }
        }

        private RunReading Reading => RunReading.Of(store.Journal(Run));

        private Ending RollBack()
        {
            var ending = Settling(engine => engine.RollbackAsync(RollbackOrder(null), default));
            // Past the boundary what is left is offered; a person takes it.
            if (ending is not Ending.Halted { Cause: HaltCause.Boundary } || Offer() is not { } to)
                return ending;
            return Settling(engine => engine.RollbackAsync(RollbackOrder(to), default));
        }

        private RollbackOrder RollbackOrder(string? to) =>
            new()
            {
                Run = Run,
                By = People.Operator,
                To = to,
                AcceptLoss = [.. Reading.Steps.Keys],
                // A person may insist; whether that was wise is judged.
                AcceptCombination = to,
            };

        /// <summary>A step of one's choice: what the engine advises against is not insisted on.</summary>
        private RollbackOrder BackTo(string to) => RollbackOrder(to) with { AcceptCombination = null };

        private string? Offer()
        {
            var way = WayBack.Of(Reading, null);
            return way
                .Steps.TakeWhile(step => !way.Never.Contains(step.Step))
                .Select(step => step.Step)
                .LastOrDefault();
        }

        /// <summary>Carries an order out; a person who knows the truth settles what is in doubt.</summary>
        private Ending Settling(Func<RunEngine, Task<RunOutcome>> work)
        {
            for (var round = 0; ; round++)
            {
                Resolve();
                var ending = EndingOf(Do(work));
                if (ending is not Ending.Halted { Cause: HaltCause.InDoubt } || round == MostRounds)
                    return ending;
            }
        }

        private void Resolve()
        {
            var doubtful = Reading.Steps.Values.Where(step => step is { State: StepState.InDoubt, Resolution: null });
            foreach (var step in doubtful.Select(step => step.Id).ToArray())
                Do(engine =>
                    engine.ResolveAsync(
                        Run,
                        new StepResolved
                        {
                            Step = step,
                            Happened = world.EffectsOf(step) > 0,
                            By = People.Operator,
                            Reason = "looked",
                        },
                        default
                    )
                );
        }

        private RunOutcome Do(Func<RunEngine, Task<RunOutcome>> work) =>
            time.Run(() => work(new RunEngine(parts)), Most);

        private Ending EndingOf(RunOutcome outcome) =>
            store.IsDead
                ? new Ending.Died()
                : outcome.Reading.Status switch
                {
                    RunStatus.Done => new Ending.Done(),
                    RunStatus.RolledBack => new Ending.RolledBack(),
                    RunStatus.Abandoned => new Ending.Abandoned(),
                    RunStatus.Failed => new Ending.Failed(outcome.Reading.Failure?.Why ?? ""),
                    _ when outcome.Reading is { Rollback.To: { } to, Halt: { Cause: HaltCause.Asked, Step: { } step } }
                            && to == step => new Ending.BackTo(to),
                    _ => new Ending.Halted(
                        outcome.Reading.Halt?.Cause ?? HaltCause.LeaseLost,
                        outcome.Reading.Halt?.Why ?? outcome.Problem ?? "",
                        outcome.Reading.Halt?.Step
                    ),
                };
    }
}
