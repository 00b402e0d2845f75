using Belay.Domain.Contract;
using Belay.Domain.Journal;
using static Belay.Views.Tests.Stories.Happenings;
using static Belay.Views.Tests.Stories.JournalBuilder;

namespace Belay.Views.Tests.Stories;

/// <summary>A watch fails, and the run goes back through a restore.</summary>
internal static class RollbackStory
{
    public static IReadOnlyList<JournalEntry> Entries { get; } =
        new JournalBuilder()
            .Add(Started(Shop.Plan))
            .Change("backup", "postgresql.backup", 2)
            .Sample(2, 10)
            .Change("expand", "postgresql.migrate", 1.5, Reversal.Restore)
            .Sample(2, 2500, failed: 3)
            .Add(new WatchFailed("shop", "503 from web2"))
            .Add(Halted(HaltCause.WatchFailed, "watch shop failed: 503 from web2", null))
            .After(90)
            .Add(new RollbackStarted { By = "alice", AcceptedLoss = ["expand"] })
            .After(0.1)
            .Add(
                new RestoreIntent
                {
                    Step = "expand",
                    Backup = "backup",
                    Loss = new Loss
                    {
                        Count = 17,
                        Unit = "rows written",
                        Since = Began.AddSeconds(2),
                    },
                }
            )
            .After(4)
            .Add(new StoreRestored { Step = "expand", Backup = "backup" })
            .Add(new UndoIntent { Step = "backup" })
            .After(0.2)
            .Add(new StepUndone { Step = "backup", Observed = Json("{}") })
            .Add(new RunRolledBack())
            .Entries;
}
