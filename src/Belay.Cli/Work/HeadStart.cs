using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;

namespace Belay.Cli.Work;

/// <summary>Makes ready on another core what an engine will need in any case, while this one still reads the command line.</summary>
/// <remarks>
/// A resume after a crash shall begin its first new step within 150 ms. Most of the time to it is not work but the first use of
/// types: of JSON, of cryptography, of the operations. Nothing here has an effect, and what fails here fails again where it is needed.
/// </remarks>
internal static class HeadStart
{
    /// <summary>Begins, when the verb is one that runs an engine.</summary>
    public static void Take(string[] args)
    {
        if (args is ["run" or "resume" or "rollback", ..])
            _ = Task.Run(Prepare);
    }

    /// <summary>The work of it.</summary>
    internal static void Prepare()
    {
        // First what the journal's reader does not make ready by itself: two cores at the same types only wait for each other.
        Workplace.Prepare();
        var previous = JournalLine.Genesis;
        foreach (var happened in Usual)
        {
            var (entry, line) = JournalLine.Write(1, DateTimeOffset.UnixEpoch, 1, previous, happened);
            previous = JournalLine.Read(line).Hash;
        }
    }

    /// <summary>What most lines of a journal are.</summary>
    private static JournalEvent[] Usual =>
        [
            new RunStarted
            {
                Run = "",
                Plan = new Plan
                {
                    Upgrade = "",
                    From = "",
                    To = "",
                    Environment = "",
                    Watches = [],
                    Steps =
                    [
                        new DoItem
                        {
                            Id = "",
                            Title = "",
                            Operation = "",
                            With = Nothing,
                        },
                    ],
                },
                PlanHash = "",
                PlanFile = "",
                By = "",
                Host = "",
                Version = "",
            },
            new Intent
            {
                Step = "",
                Attempt = 1,
                Operation = "",
                Inputs = Nothing,
                Before = Nothing,
                Difference = Difference.Of(Reversal.Exact, new DifferenceLine("", "", "")),
                Reversal = Reversal.Exact,
            },
            new Progressed { Step = "", Progress = Progress.Say("") },
            new StepDone { Step = "", After = Nothing },
        ];

    private static JsonElement Nothing { get; } = JsonElement.Parse("{}");
}
