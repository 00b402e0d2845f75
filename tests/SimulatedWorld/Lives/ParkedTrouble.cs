using System.Text.Json;
using Belay.Domain.Plans;
using SimulatedWorld.Lives.Judges;

namespace SimulatedWorld.Lives;

/// <summary>What happens to a run that is parked: it dies, is asked to halt, and others want to pass it or to take it in hand.</summary>
internal sealed class ParkedTrouble(Stage stage, Random random, Tally tally, Witness witness, Trouble trouble)
{
    /// <summary>Another connection to the system that is called world.</summary>
    public const string Twin = "twin";

    /// <summary>Within this time something happens, in milliseconds.</summary>
    private const int Within = 70_000;

    private bool hasPassed;

    /// <summary>The run has just parked.</summary>
    public void Come()
    {
        if (random.Next(2) == 0)
            trouble.At(Within, () => trouble.Let(PassAsync()));
        if (random.Next(4) == 0)
            trouble.At(Within, Die);
        if (random.Next(6) == 0)
            trouble.At(Within, trouble.AskToHalt);
        if (random.Next(6) == 0)
            trouble.At(Within, () => trouble.GoDown(RandomPlans.Watched));
        if (random.Next(6) == 0)
            trouble.At(Within, trouble.Meddle);
    }

    private void Die()
    {
        if (witness.Parked is null)
            return;
        tally.Count("happening: the engine dies while the run is parked");
        stage.Store.Die();
    }

    /// <summary>Another run wants to pass: it touches nothing of the parked one, or something.</summary>
    private async Task PassAsync()
    {
        if (hasPassed || witness.Parked is null || stage.Store.IsDead)
            return;
        hasPassed = true;
        var plan = Passing();
        var (parked, isAlone) = (
            witness.Reading.Parked!.Value.Parking,
            trouble.UnderWay.All(other => other.IsCompleted)
        );
        var refused = await trouble.TryAsync(
            new Order.Other(),
            engine =>
                engine.StartAsync(
                    new()
                    {
                        Run = "run-3",
                        Plan = plan,
                        PlanFile = "/plans/passing.yaml",
                        By = "boris",
                    },
                    default
                )
        );
        if (!refused)
            return;
        tally.Count("happening: another run may not pass");
        if (
            isAlone
            && ReferenceEquals(witness.Reading.Parked?.Parking, parked)
            && witness.MayPass(plan, parked.Reach)
            && !witness.Identities.IsStrange
            && !witness.LeaseWasStolen
            && !stage.Store.IsDead
        )
            witness.Accuse("a run that touches nothing of the parked one was refused");
    }

    private Plan Passing()
    {
        var change = Stage.Do(Trouble.OtherStep, "toy.set");
        if (stage.Systems.Ids.ContainsKey(Twin) && random.Next(2) == 0)
            return Stage.PlanOf(change with { With = With(Twin) });
        return random.Next(8) switch
        {
            0 => Stage.PlanOf(change with { With = Stage.With("store") }),
            1 => Stage.PlanOf(change with { With = Stage.With(RandomPlans.Watched) }),
            2 => Stage.PlanOf(Looking()),
            3 => Stage.PlanOf(change with { With = With(Twin) }),
            4 => Stage.PlanOf(change with { With = With("world") }),
            5 or 6 => Stage.PlanOf(Loop()),
            _ => Stage.PlanOf(change, While()),
        };
    }

    private SoakItem While() =>
        new()
        {
            Id = "while",
            Title = "while",
            Time = TimeSpan.FromSeconds(random.Next(1, 9)),
        };

    private static EachItem Loop() =>
        new()
        {
            Id = "each",
            Title = "each",
            Variable = "member",
            Over = JsonElement.Parse("[{\"name\":\"a\"},{\"name\":\"b\"}]"),
            Steps =
            [
                Stage.Do(Trouble.OtherStep, "toy.set") with
                {
                    With = Stage.With(Trouble.OtherStep + "-${member.name}"),
                },
            ],
        };

    private static JsonElement With(string connection) =>
        JsonSerializer.SerializeToElement(
            new Dictionary<string, string> { ["cell"] = Trouble.OtherStep, ["connection"] = connection }
        );

    private static CheckItem Looking() =>
        new()
        {
            Id = Trouble.OtherStep,
            Title = Trouble.OtherStep,
            Operation = "toy.is",
            With = Stage.With(RandomPlans.Watched, "up"),
        };
}
