using System.Collections.Immutable;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Plans;
using static Belay.Views.Tests.Stories.JournalBuilder;

namespace Belay.Views.Tests.Stories;

/// <summary>A small shop's upgrade: every kind of item that a report shows.</summary>
internal static class Shop
{
    public static Plan Plan { get; } =
        new()
        {
            Upgrade = "storefront",
            From = "4.1.0",
            To = "4.2.0",
            Environment = "production",
            Watches =
            [
                new Watch
                {
                    Name = "shop",
                    Operation = "http.get",
                    With = Json("{}"),
                },
            ],
            Files = [new PlanFile("release/migrations/042_expand.sql", new string('a', 64))],
            LeftOut = [new LeftOut("warm-cache", "inputs.warm is no")],
            Steps =
            [
                new PhaseItem
                {
                    Id = "preflight",
                    Title = "preflight",
                    Steps =
                    [
                        Check("preflight.1", "The old release answers", "http.get"),
                        Change("settings", "Settings of release 4.2.0", "files.set"),
                    ],
                },
                Change("backup", "Back up the orders", "postgresql.backup"),
                Change("expand", "Expand the schema to 42", "postgresql.migrate") with
                {
                    Restore = "backup",
                    Impact = new Impact
                    {
                        Route = "shop",
                        AtMost = TimeSpan.FromSeconds(60),
                        Reason = "orders wait for a lock",
                    },
                },
                new ParallelItem
                {
                    Id = "caches",
                    Title = "Fill both caches",
                    Steps =
                    [
                        Change("fill-a", "Fill cache A", "redis.replicate"),
                        Change("fill-b", "Fill cache B", "redis.replicate"),
                    ],
                },
                new EachItem
                {
                    Id = "roll",
                    Title = "Roll the servers",
                    Variable = "server",
                    Over = Json("""["web1","web2","web3"]"""),
                    Canary = 1,
                    Tolerate = 1,
                    Steps = [Change("attach", "Attach the new server", "haproxy.attach"), Soak("settle", "Soak 5s")],
                },
                new ApproveItem
                {
                    Id = "gate",
                    Title = "Approval by release-manager",
                    By = "release-manager",
                },
                new ConfirmItem
                {
                    Id = "phone",
                    Title = "Call the warehouse",
                    Instructions = "Call the warehouse & ask whether <labels> print.",
                },
                Change("contract", "Contract the schema to 43", "postgresql.migrate"),
                Check("proof", "What the load generator counted", "http.get"),
            ],
        };

    public static ImmutableArray<BoundaryLine> Boundary { get; } =
    [
        Line("settings", "Settings of release 4.2.0", Reversal.Exact, Reversal.Exact, "exact"),
        Line("backup", "Back up the orders", Reversal.Exact, Reversal.Exact, "exact"),
        Line(
            "expand",
            "Expand the schema to 42",
            Reversal.Restore,
            Reversal.Restore,
            "restore from backup: writes after the backup are lost"
        ),
        Line("attach", "Attach the new server", Reversal.Exact, Reversal.Restore, "restore from backup, then exact"),
        Line(
            "contract",
            "Contract the schema to 43",
            Reversal.Never,
            Reversal.Never,
            "never: nothing before this can be taken back without loss"
        ) with
        {
            IsBoundary = true,
        },
    ];

    private static BoundaryLine Line(string step, string title, Reversal own, Reversal all, string cost) =>
        new()
        {
            Step = step,
            Title = title,
            Reversal = own,
            Cumulative = all,
            Cost = cost,
        };

    private static DoItem Change(string id, string title, string operation) =>
        new()
        {
            Id = id,
            Title = title,
            Operation = operation,
            With = Json("{}"),
        };

    private static CheckItem Check(string id, string title, string operation) =>
        new()
        {
            Id = id,
            Title = title,
            Operation = operation,
            With = Json("{}"),
        };

    private static SoakItem Soak(string id, string title) =>
        new()
        {
            Id = id,
            Title = title,
            Time = TimeSpan.FromSeconds(5),
        };
}
