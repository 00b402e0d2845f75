using System.Collections.Frozen;
using Belay.Domain.Evidence;
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

    /// <summary>Whom some plans leave out by what they are.</summary>
    public const string Auditor = "auditor";

    /// <summary>Whose word counts only when it is signed.</summary>
    public const string Signing = "sven";

    private static readonly SigningKey Key = SigningKey.New();
    private static readonly Signers Signers = new()
    {
        Keys = new Dictionary<string, PublicKey> { [Signing] = Key.Public }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    private static readonly string[] InRole = ["rita", "rob", "ruth", "rolf", "anna", Barred, Signing];
    private readonly Stage stage;
    private readonly Random random;
    private readonly Tally tally;

    public People(Stage stage, Random random, Tally tally)
    {
        (this.stage, this.random, this.tally) = (stage, random, tally);
        stage.Signers = Signers;
        stage.MayAct = (person, role) =>
            (role == Role && InRole.Contains(person, StringComparer.Ordinal)) || (role == Auditor && person == "rob");
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
        if (random.Next(12) == 0)
        {
            tally.Count("people: one does not sign");
            Ask(
                new ApproveRequest
                {
                    By = Signing,
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
        foreach (var person in new[] { "rita", "rob", "ruth", "rolf" })
            Ask(
                new ApproveRequest
                {
                    By = person,
                    Step = step,
                    Covers = covers,
                    Note = random.Next(3) == 0 ? "looks good" : null,
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
        Ask(
            new ConfirmRequest
            {
                By = "rob",
                Step = step,
                Note = "seen",
            },
            later: true
        );
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
