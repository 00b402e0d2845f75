using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine;
using SimulatedWorld.Lives.Judges;

namespace SimulatedWorld.Lives;

/// <summary>Orders that an engine has to refuse, without a word in the journal.</summary>
internal sealed class Refusals(Stage stage, Witness witness)
{
    /// <returns>What was let in; null: nothing.</returns>
    public string? LetIn()
    {
        var reading = stage.Reading;
        var before = stage.Store.Journal(Stage.Run).Count;
        witness.Coming = new Order.Other();
        var done = reading.Steps.Keys.First();
        (string What, Func<RunEngine, Task<RunOutcome>> Do)[] orders =
        [
            ("a rollback to a step that never began", engine => engine.RollbackAsync(Back("nowhere", "anna"), default)),
            (
                "a word about a step that is not in doubt",
                engine => engine.ResolveAsync(Stage.Run, Word(Sure(reading), "anna"), default)
            ),
            ("a rollback that is not signed", engine => engine.RollbackAsync(Back(done, People.Signing), default)),
            (
                "an end that is not signed",
                engine => engine.AbandonAsync(Stage.Run, new RunAbandoned(People.Signing, "enough"), default)
            ),
            .. reading.Status.IsClosed() ? Closed(done)
            : reading.Parked is null ? Open
            : [],
        ];
        foreach (var (what, order) in orders)
        {
            if (!IsRefused(order))
                return $"{what} was let in";
        }
        return stage.Store.Journal(Stage.Run).Count == before
            ? null
            : "an order was refused, and something is journaled";
    }

    /// <summary>A new run may begin once this one is closed.</summary>
    public string? ShutOut()
    {
        witness.Coming = new Order.Other();
        if (
            witness.Identities.IsStrange
            || stage.Store.Journal("run-2").Count > 0
            || stage.Store.Journal("run-3").Count > 0
        )
            return null;
        var outcome = stage.Do(engine => engine.StartAsync(Another, default));
        return outcome.Reading.Status == RunStatus.Done ? null : $"another run ended {outcome.Reading.Status}";
    }

    private static (string, Func<RunEngine, Task<RunOutcome>>)[] Open =>
        [("a second run", engine => engine.StartAsync(Another, default))];

    private static (string, Func<RunEngine, Task<RunOutcome>>)[] Closed(string done) =>
        [
            (
                "a closed run that goes on",
                engine => engine.ResumeAsync(new ResumeOrder { Run = Stage.Run, By = "anna" }, default)
            ),
            ("a closed run that goes back", engine => engine.RollbackAsync(Back(done, "anna"), default)),
            (
                "a closed run that ends again",
                engine => engine.AbandonAsync(Stage.Run, new RunAbandoned("anna", "enough"), default)
            ),
            ("a word about a closed run", engine => engine.ResolveAsync(Stage.Run, Word(done, "anna"), default)),
        ];

    private static StartOrder Another =>
        new()
        {
            Run = "run-2",
            Plan = Stage.PlanOf(Stage.Do(Trouble.OtherStep, "toy.set")),
            PlanFile = "/plans/other.yaml",
            By = "anna",
        };

    private bool IsRefused(Func<RunEngine, Task<RunOutcome>> order)
    {
        try
        {
            stage.Do(order);
            return false;
        }
        catch (OrderRefusedException)
        {
            return true;
        }
    }

    private static string Sure(RunReading reading) =>
        reading.Steps.Values.FirstOrDefault(step => step.State != StepState.InDoubt)?.Id ?? "nowhere";

    private static RollbackOrder Back(string to, string by) =>
        new()
        {
            Run = Stage.Run,
            By = by,
            To = to,
            AcceptLoss = ["store"],
        };

    private static StepResolved Word(string step, string by) =>
        new()
        {
            Step = step,
            Happened = true,
            By = by,
            Reason = "looked at it",
        };
}
