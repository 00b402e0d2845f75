using System.Text.Json;
using Belay.Domain.Plans;

namespace SimulatedWorld.Lives;

/// <summary>Single items.</summary>
internal sealed partial class RandomPlans
{
    /// <summary>The secret that some steps use.</summary>
    public const string Secret = "TOKEN";

    private static readonly string[] Changes =
    [
        "toy.set",
        "toy.pair",
        "toy.post",
        "toy.once",
        "toy.set",
        "toy.wreck",
        "toy.post",
        "toy.run",
    ];

    private DoItem Change()
    {
        var operation = Changes[random.Next(Changes.Length)];
        var id = Id("step");
        var wrecks = operation == "toy.wreck";
        steps.Add(id);
        // Now and then on what an earlier step works on.
        if (operation == "toy.set" && Math.Min(settled.Count, certain) > 0 && random.Next(10) == 0)
            return Stage.Do(id, operation) with
            {
                With = Stage.With(settled[random.Next(Math.Min(settled.Count, certain))], $"again by {id}"),
            };
        var with = With(wrecks ? "store" : id, operation == "toy.set" ? Value() : null);
        if (operation == "toy.set")
            settled.Add(id);
        if (operation is "toy.set" or "toy.run" && random.Next(8) == 0)
            initial.Add((id, random.Next(3) == 0 ? ToySet.Locked : "new"));
        if (operation == "toy.pair" && random.Next(8) == 0)
            initial.Add((id + ".second", "new"));
        return Stage.Do(id, operation, wrecks ? "store" : id, restore: wrecks ? backup : null) with
        {
            With = with,
            BackupAge = wrecks && random.Next(2) == 0 ? TimeSpan.FromMinutes(2) : null,
            Limit = TimeSpan.FromSeconds(random.Next(3) == 0 ? 20 : 300),
            Impact = random.Next(5) == 0 ? Noticed() : null,
        };
    }

    private Impact Noticed() =>
        new()
        {
            Route = random.Next(4) > 0 ? Watched : AlsoWatched,
            AtMost = TimeSpan.FromSeconds(random.Next(2) == 0 ? 4 : 20),
            Reason = "simulated",
        };

    /// <summary>A step may build on what another one left, and on what only the run knows.</summary>
    private string? Value() =>
        random.Next(16) switch
        {
            14 or 15 when Math.Min(settled.Count, certain) is > 0 and var count =>
                $"${{steps.{settled[random.Next(count)]}.value}}",
            0 or 1 => $"${{steps.{backup}.saved}}",
            2 => "${run.id}",
            3 => "on ${run.date} by ${run.id}",
            4 => $"${{steps.{backup}.names.1.zone}}",
            5 when random.Next(3) == 0 => $"${{steps.{backup}.names.7}}",
            6 when random.Next(3) == 0 => $"${{steps.{backup}.nothing}}",
            _ => null,
        };

    private JsonElement With(string cell, string? value)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal) { ["cell"] = cell };
        if (value is not null)
            members["value"] = value;
        if (random.Next(8) == 0)
            members["key"] = hasSecrets ? $"${{secret:{Secret}}}" : $"${{steps.{backup}.key}}";
        if (random.Next(3) == 0)
            members["connection"] = random.Next(3) > 0 ? "world" : "side";
        return JsonSerializer.SerializeToElement(members);
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
            Every = TimeSpan.FromMilliseconds(random.Next(3) == 0 ? 300 : 1000),
        };
    }

    private SoakItem Soak()
    {
        // Samples are counted only while something is watched; a soak of samples without a watch never ends.
        var samples = watches.Count > 0 && random.Next(3) == 0 ? random.Next(1, Parks ? 60 : 5) : (int?)null;
        return new SoakItem
        {
            Id = Id("soak"),
            Title = "soak",
            Time =
                samples is not null ? null
                : Parks ? TimeSpan.FromSeconds(random.Next(3) == 0 ? random.Next(5, 30) : random.Next(60, 140))
                : TimeSpan.FromSeconds(random.Next(1, 5)),
            Samples = samples,
            Watch = watches.Count > 0 && random.Next(2) == 0 ? watches[random.Next(watches.Count)].Name : null,
        };
    }

    private ApproveItem Approve()
    {
        var byName = random.Next(6) == 0;
        return new()
        {
            Id = Id("approve"),
            Title = "approve",
            By = byName ? "ruth" : People.Role,
            Not = random.Next(4) switch
            {
                0 => "starter",
                1 => People.Barred,
                2 => People.Auditor,
                _ => null,
            },
            Count = byName ? 1 : random.Next(1, 3),
        };
    }

    private ConfirmItem Confirm() =>
        new()
        {
            Id = Id("confirm"),
            Title = "confirm",
            Instructions = "look at it",
            By = random.Next(3) switch
            {
                0 => People.Role,
                1 => "rob",
                _ => null,
            },
        };
}
