using Belay.Domain.Journal;
using Belay.Engine.Ports;

namespace SimulatedWorld.Lives;

/// <summary>The people around a run: they approve and confirm what is shown, sometimes late, sometimes the wrong one of them, sometimes something else than what is shown.</summary>
internal sealed class People
{
    /// <summary>Who may approve and confirm.</summary>
    public const string Role = "release-manager";

    /// <summary>Somebody of that role whom some plans leave out.</summary>
    public const string Barred = "rex";

    private static readonly string[] InRole = ["rita", "rob", "ruth", "anna", Barred];
    private readonly Stage stage;
    private readonly Random random;
    private readonly Tally tally;

    public People(Stage stage, Random random, Tally tally)
    {
        (this.stage, this.random, this.tally) = (stage, random, tally);
        stage.MayAct = (person, role) => role == Role && InRole.Contains(person, StringComparer.Ordinal);
    }

    /// <summary>They see what the run asks for.</summary>
    public void See(JournalEvent happened)
    {
        switch (happened)
        {
            case ApprovalRequested asked:
                Approve(asked.Step, asked.Covers);
                break;
            case ConfirmationRequested asked:
                Confirm(asked.Step);
                break;
        }
    }

    private void Approve(string step, string covers)
    {
        if (random.Next(4) == 0)
        {
            tally.Count("people: the wrong person approves");
            Ask(
                new ApproveRequest
                {
                    By = random.Next(2) == 0 ? "mallory" : "anna",
                    Step = step,
                    Covers = covers,
                }
            );
        }
        if (random.Next(4) == 0)
        {
            tally.Count("people: something else was shown");
            Ask(
                new ApproveRequest
                {
                    By = "rita",
                    Step = step,
                    Covers = "something else",
                }
            );
        }
        if (random.Next(4) == 0)
        {
            tally.Count("people: one who is left out approves");
            Ask(
                new ApproveRequest
                {
                    By = Barred,
                    Step = step,
                    Covers = covers,
                }
            );
        }
        if (random.Next(6) == 0)
        {
            tally.Count("people: one approves twice");
            Ask(
                new ApproveRequest
                {
                    By = "rita",
                    Step = step,
                    Covers = covers,
                }
            );
        }
        // In the end always those who may.
        foreach (var person in new[] { "rita", "rob", "ruth" })
            Ask(
                new ApproveRequest
                {
                    By = person,
                    Step = step,
                    Covers = covers,
                },
                later: true
            );
    }

    private void Confirm(string step)
    {
        if (random.Next(3) == 0)
        {
            tally.Count("people: an approval where a confirmation is asked for");
            Ask(
                new ApproveRequest
                {
                    By = "rita",
                    Step = step,
                    Covers = "",
                }
            );
        }
        if (random.Next(3) == 0)
        {
            tally.Count("people: the wrong person confirms");
            Ask(new ConfirmRequest { By = "mallory", Step = step });
        }
        Ask(new ConfirmRequest { By = "rob", Step = step }, later: true);
    }

    private void Ask(RunRequest request, bool later = false)
    {
        var seconds = random.Next(8) == 0 ? random.Next(0, 3600) : random.Next(0, 5);
        if (later && seconds > 60)
            tally.Count("people: late");
        stage.Time.CreateTimer(
            _ => stage.Store.PutAsync(Stage.Run, request, default),
            null,
            TimeSpan.FromSeconds(seconds + (later ? 5 : 0)),
            Timeout.InfiniteTimeSpan
        );
    }
}
