using Belay.Engine;
using Belay.Engine.Ports;
using SimulatedWorld.Lives.Judges;

namespace SimulatedWorld.Lives;

/// <summary>Engines of others that come to the same environment.</summary>
internal sealed partial class Trouble
{
    private void Steal()
    {
        witness.LeaseWasStolen = true;
        stage.Store.StealLease();
        // Whoever takes over waits out what may still be under way.
        At(1, () => others.Add(TryAsync(Boris, engine => engine.ResumeAsync(Resume(), default))), after: 120_000);
    }

    /// <summary>A second engine on the same run, while the first one works: refused, nothing doubled.</summary>
    private void Intrude()
    {
        // Who takes a stolen lease waits, and comes by himself.
        if (witness.LeaseWasStolen)
            return;
        var expectRefusal = Working && !stage.Store.IsDead;
        others.Add(IntrudeAsync(expectRefusal));
    }

    private async Task IntrudeAsync(bool expectRefusal)
    {
        var (starts, deed) = (random.Next(2) == 0, deeds);
        var refused = await TryAsync(
            starts ? new Order.Other() : Boris,
            engine =>
                starts
                    ? engine.StartAsync(
                        new()
                        {
                            Run = "run-2",
                            Plan = Stage.PlanOf(Stage.Do(OtherStep, "toy.set")),
                            PlanFile = "/plans/other.yaml",
                            By = "boris",
                        },
                        default
                    )
                    : engine.ResumeAsync(Resume(), default)
        );
        // Whoever waited until the first one had ended is let in.
        // Whether another run may begin is judged when it does.
        if (expectRefusal && !refused && !starts && deed == deeds)
            witness.Accuse("a second engine was let in while the first one worked");
        if (refused)
            tally.Count("happening: another engine is refused");
    }

    /// <summary>Somebody else resumes the run.</summary>
    public void Meddle() =>
        others.Add(
            TryAsync(
                new Order.Resume(null, "bert", Wait: true),
                engine => engine.ResumeAsync(Resume() with { By = "bert" }, default)
            )
        );

    /// <summary>An engine of somebody else does something.</summary>
    public void Let(Task work) => others.Add(work);

    private static Order Boris => new Order.Resume(null, "boris", Wait: true);

    private static ResumeOrder Resume() => new() { Run = Stage.Run, By = "boris" };

    /// <returns>Whether it was refused.</returns>
    public async Task<bool> TryAsync(Order order, Func<RunEngine, Task<RunOutcome>> work)
    {
        var before = witness.Coming;
        try
        {
            witness.Coming = order;
            var working = work(new RunEngine(stage.Parts()));
            witness.Coming = before;
            await working;
            return false;
        }
        catch (OrderRefusedException)
        {
            return true;
        }
        catch (JournalException)
        {
            return false;
        }
    }
}
