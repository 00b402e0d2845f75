using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using static Belay.Views.Tests.Stories.Happenings;
using static Belay.Views.Tests.Stories.JournalBuilder;

namespace Belay.Views.Tests.Stories;

/// <summary>An upgrade that reaches its end after a halt, a mend, a crash, a doubt, and a server that was set aside.</summary>
internal static class UpgradeStory
{
    public static IReadOnlyList<JournalEntry> Entries { get; } = Tell();

    private static IReadOnlyList<JournalEntry> Tell()
    {
        var journal = new JournalBuilder();
        ToTheHalt(journal);
        ToTheCrash(journal);
        ToTheEnd(journal);
        return journal.Entries;
    }

    private static void ToTheHalt(JournalBuilder journal)
    {
        journal
            .Add(Started(Shop.Plan))
            .After(0.2)
            .Add(new StepStarted { Step = "preflight.1" })
            .After(0.1)
            .Add(
                new Checked
                {
                    Step = "preflight.1",
                    Answer = Answer.Holds,
                    Observed = Json("""{"status":200,"json":{"release":"4.1.0"}}"""),
                },
                new StepDone { Step = "preflight.1", After = Json("""{"status":200,"json":{"release":"4.1.0"}}""") },
                new StepDone
                {
                    Step = "settings",
                    AlreadyDone = true,
                    After = Json("""{"value":"on"}"""),
                },
                Intent("backup", "postgresql.backup"),
                new ChildStarted
                {
                    Step = "backup",
                    Child = new ProcessIdentity(4711, 99),
                    Command = "pg_dump --format custom shop",
                }
            )
            .After(2)
            .Sample(2.1, 9)
            .Add(
                new Progressed { Step = "backup", Progress = Progress.Count(1000, 48213, "rows") },
                new Progressed { Step = "backup", Progress = Progress.Count(48213, 48213, "rows") },
                new ChildEnded
                {
                    Step = "backup",
                    Child = new ProcessIdentity(4711, 99),
                    ExitCode = 0,
                },
                Done("backup"),
                Intent("expand", "postgresql.migrate", Reversal.Restore)
            )
            .After(1)
            .Add(new AttemptFailed { Step = "expand", Why = "lock not granted within 1s" })
            .Add(Intent("expand", "postgresql.migrate", Reversal.Restore, attempt: 2))
            .After(1.5)
            .Sample(2.4, 38)
            .Add(
                new StepFailed
                {
                    Step = "expand",
                    Failure = FailureKind.Refused,
                    Why = "042_expand.sql line 7: relation \"totals\" exists",
                }
            )
            .Add(Halted(HaltCause.StepFailed, "042_expand.sql line 7: relation \"totals\" exists", "expand"));
    }

    private static void ToTheCrash(JournalBuilder journal)
    {
        var mended = Shop.Plan with
        {
            Files = [new PlanFile("release/migrations/042_expand.sql", new string('b', 64))],
        };
        journal
            .After(5400)
            .Add(
                Resumed("bob") with
                {
                    Plan = mended,
                    PlanHash = new string('2', 64),
                    Changes = ["the file release/migrations/042_expand.sql changed"],
                }
            )
            .Add(Intent("expand", "postgresql.migrate", Reversal.Restore, attempt: 3))
            .After(1.2)
            .Add(Done("expand"))
            .Add(Intent("fill-a", "redis.replicate"), Intent("fill-b", "redis.replicate"))
            .After(3)
            .Sample(2.2, 12)
            .Add(Done("fill-a"))
            .After(1)
            .Add(new EachStarted { Step = "roll", Members = [Member("web1"), Member("web2"), Member("web3")] })
            .After(0.4);
    }

    private static void ToTheEnd(JournalBuilder journal)
    {
        journal
            .After(30)
            .Add(Resumed("bob"))
            .After(0.3)
            .Add(Done("fill-b") with { Adopted = true })
            .Change("attach@web1", "haproxy.attach", 0.5)
            .Add(new StepStarted { Step = "settle@web1" })
            .After(5)
            .Sample(1.9, 7)
            .Add(
                new Soaked
                {
                    Step = "settle@web1",
                    Time = TimeSpan.FromSeconds(5),
                    Samples = 25,
                },
                new StepDone { Step = "settle@web1" },
                Costly(Intent("attach@web2", "haproxy.attach"))
            )
            .After(0.5)
            .Sample(2.6, 800, failed: 2)
            .Add(
                new StepFailed
                {
                    Step = "attach@web2",
                    Failure = FailureKind.Refused,
                    Why = "web2 never got healthy",
                },
                new UndoIntent { Step = "attach@web2" }
            )
            .After(0.4)
            .Add(
                new StepUndone { Step = "attach@web2", Observed = Json("{}") },
                new MemberSetAside
                {
                    Step = "roll",
                    Member = "web2",
                    Why = "web2 never got healthy",
                }
            )
            .Change("attach@web3", "haproxy.attach", 0.5)
            .Add(new StepStarted { Step = "settle@web3" })
            .After(5)
            .Add(
                new Soaked
                {
                    Step = "settle@web3",
                    Time = TimeSpan.FromSeconds(5),
                    Samples = 25,
                },
                new StepDone { Step = "settle@web3" }
            );
        TheGates(journal);
        journal
            .Add(Intent("contract", "postgresql.migrate", Reversal.Never))
            .After(1)
            .Add(new StepInDoubt { Step = "contract", Why = "the connection broke during COMMIT" })
            .Add(Halted(HaltCause.InDoubt, "the connection broke during COMMIT", "contract"))
            .After(120)
            .Add(
                new StepResolved
                {
                    Step = "contract",
                    Happened = true,
                    By = "dora",
                    Reason = "table totals is gone, read with psql",
                }
            )
            .Add(Resumed("dora"))
            .After(0.2)
            .Add(Done("contract"))
            .Add(new StepStarted { Step = "proof" })
            .After(0.3)
            .Sample(2, 8)
            .Add(
                new StepDone
                {
                    Step = "proof",
                    After = Json(
                        """{"status":200,"latency-ms":3.1,"values":{"requests-sent":51234,"requests-failed":0,"sessions-lost":0,"longest-gap-ms":93.5}}"""
                    ),
                },
                new RunDone()
            );
    }

    private static void TheGates(JournalBuilder journal) =>
        journal
            .Add(
                new ApprovalRequested
                {
                    Step = "gate",
                    By = "release-manager",
                    Covers = new string('2', 64),
                    Foreseen =
                    [
                        new ForeseenChange
                        {
                            Step = "caches",
                            Operation = "redis.cut-over",
                            Reversal = Reversal.Exact,
                            Outlook = Outlook.Differs,
                            Difference = [new DifferenceLine("writer of the sessions", "redis", "valkey")],
                        },
                    ],
                }
            )
            .After(600)
            .Add(
                new RequestRefused("bob", "approve gate", "bob mended the plan"),
                new Approved
                {
                    Step = "gate",
                    By = "carol",
                    Note = "numbers look right",
                    Covers = new string('2', 64),
                },
                new StepDone { Step = "gate" },
                new ConfirmationRequested
                {
                    Step = "phone",
                    Instructions = "Call the warehouse & ask whether <labels> print.",
                }
            )
            .After(60)
            .Add(
                new Confirmed
                {
                    Step = "phone",
                    By = "dora",
                    Note = "they print, <b>all</b> of them",
                },
                new StepDone { Step = "phone" }
            );

    private static LoopMember Member(string name) => new(name, Json($"\"{name}\""));
}
