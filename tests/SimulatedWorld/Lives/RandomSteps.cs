using Belay.Domain.Plans;

namespace SimulatedWorld.Lives;

/// <summary>Single items.</summary>
internal sealed partial class RandomPlans
{
    private static readonly string[] Changes =
    [
        "toy.set",
        "toy.pair",
        "toy.post",
        "toy.once",
        "toy.set",
        "toy.wreck",
        "toy.post",
    ];

    private DoItem Change()
    {
        var operation = Changes[random.Next(Changes.Length)];
        var id = Id("step");
        var wrecks = operation == "toy.wreck";
        // A step may build on what another one left.
        var before = steps.LastOrDefault(step =>
            step.StartsWith("step", StringComparison.Ordinal) && !step.Contains('@')
        );
        var value =
            operation == "toy.set" && before is not null && random.Next(4) == 0 ? $"${{steps.{backup}.saved}}" : null;
        steps.Add(id);
        return Stage.Do(id, operation, wrecks ? "store" : id, restore: wrecks ? backup : null) with
        {
            With = Stage.With(wrecks ? "store" : id, value),
            BackupAge = wrecks && random.Next(2) == 0 ? TimeSpan.FromMinutes(2) : null,
            Impact =
                random.Next(5) == 0
                    ? new Impact
                    {
                        Route = Watched,
                        AtMost = TimeSpan.FromSeconds(20),
                        Reason = "simulated",
                    }
                    : null,
        };
    }

    private CheckItem Check()
    {
        var id = Id("check");
        steps.Add(id);
        var late = random.Next(2) == 0;
        if (!late)
            initial.Add((id, "right"));
        return new CheckItem
        {
            Id = id,
            Title = id,
            Operation = "toy.is",
            With = Stage.With(id, "right"),
            Within = TimeSpan.FromSeconds(late ? 30 : random.Next(0, 2)),
            For = TimeSpan.FromSeconds(random.Next(0, 4)),
        };
    }

    private SoakItem Soak()
    {
        // Samples are counted only while something is watched; a soak of samples without a watch never ends.
        return new SoakItem
        {
            Id = Id("soak"),
            Title = "soak",
            Time = TimeSpan.FromSeconds(random.Next(1, 5)),
        };
    }

    private ApproveItem Approve() =>
        new()
        {
            Id = Id("approve"),
            Title = "approve",
            By = People.Role,
            Not = random.Next(3) switch
            {
                0 => "starter",
                1 => People.Barred,
                _ => null,
            },
            Count = random.Next(1, 3),
        };

    private ConfirmItem Confirm() =>
        new()
        {
            Id = Id("confirm"),
            Title = "confirm",
            Instructions = "look at it",
            By = random.Next(2) == 0 ? People.Role : null,
        };
}
