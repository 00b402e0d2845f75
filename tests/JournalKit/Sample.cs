using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;

namespace JournalKit;

/// <summary>Events to journal.</summary>
public static class Sample
{
    /// <summary>The environment of runs when a test names none.</summary>
    public const string Environment = "production";

    /// <summary>How a run starts.</summary>
    public static RunStarted Start(string run, string environment = Environment) =>
        new()
        {
            Run = run,
            Plan = new Plan
            {
                Upgrade = "storefront",
                From = "4.1.0",
                To = "4.2.0",
                Environment = environment,
                Steps = [],
            },
            PlanHash = new string('a', 64),
            Inputs = ImmutableSortedDictionary<string, string>.Empty.Add("mode", "all at \"once\"").Add("part", "1"),
            PlanFile = "/plans/upgrade.yaml",
            By = "anna",
            Host = "machine",
            Version = "0.1.0",
        };

    /// <summary>An event of a step that can be told from others by its number.</summary>
    public static JournalEvent Event(int number) =>
        (number % 4) switch
        {
            0 => new StepStarted { Step = $"step-{number}" },
            1 => new Progressed
            {
                Step = $"step-{number}",
                Progress = new Progress
                {
                    Done = number,
                    Total = 1_000_000,
                    Unit = "rows",
                },
            },
            2 => new StepDone
            {
                Step = $"step-{number}",
                After = JsonSerializer.SerializeToElement(new { text = "Grüße, \u2028\"quoted\"\n🚀", number }),
            },
            _ => new StepFailed
            {
                Step = $"step-{number}",
                Failure = FailureKind.Refused,
                Why = new string('x', number % 700),
            },
        };

    /// <summary>The step that an event is about; the run's start is about none.</summary>
    public static string? StepOf(JournalEntry entry) => (entry.Event as StepEvent)?.Step;
}
