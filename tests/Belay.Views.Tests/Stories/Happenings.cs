using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using static Belay.Views.Tests.Stories.JournalBuilder;

namespace Belay.Views.Tests.Stories;

/// <summary>Events with what stories do not care for filled in.</summary>
internal static class Happenings
{
    /// <summary>A password as a state may hold it in memory; no report ever shows it.</summary>
    public const string Password = "hunter2-correct-horse";

    public static RunStarted Started(Plan plan) =>
        new()
        {
            Run = "20260314-020000-storefront",
            Plan = plan,
            PlanHash = new string('1', 64),
            PlanFile = "/srv/shop/upgrade.yaml",
            By = "alice",
            Host = "ops1",
            Version = "0.1.0",
        };

    public static RunResumed Resumed(string by) =>
        new()
        {
            By = by,
            Host = "ops2",
            Version = "0.1.0",
        };

    public static Intent Intent(string step, string operation, Reversal reversal = Reversal.Exact, int attempt = 1) =>
        new()
        {
            Step = step,
            Attempt = attempt,
            Operation = operation,
            Inputs = Json("""{"connection":"db","password":{"$sealed":"k-99"}}"""),
            Before = Json($$"""{"version":41,"password":{"$secret":"{{Password}}"},"tables":["orders"]}"""),
            Difference = Difference.Of(
                reversal,
                new DifferenceLine("schema version", "41", "42"),
                new DifferenceLine("table totals", null, "orders_totals")
            ),
            Reversal = reversal,
            Restore = reversal == Reversal.Restore ? "backup" : null,
        };

    /// <summary>The same, with something to pay on the way back.</summary>
    public static Intent Costly(Intent intent) =>
        intent with
        {
            Difference = intent.Difference with { UndoCost = "20,040 keys are copied back" },
        };

    public static StepDone Done(string step) =>
        new()
        {
            Step = step,
            After = Json("""{"version":42,"password":{"$sealed":"k-99"},"tables":["orders","totals"]}"""),
        };

    public static RunHalted Halted(HaltCause cause, string why, string? step) =>
        new()
        {
            Cause = cause,
            Why = why,
            Step = step,
        };

    public static WatchSampled Sampled(DateTimeOffset since, int count, int failed, double median, double greatest) =>
        new()
        {
            Watch = "shop",
            Since = since,
            Count = count,
            Failed = failed,
            MedianMs = median,
            GreatestMs = greatest,
            Why = failed > 0 ? "503 from web2" : null,
        };

    /// <summary>A change from its intent to its end.</summary>
    public static JournalBuilder Change(
        this JournalBuilder journal,
        string step,
        string operation,
        double seconds,
        Reversal reversal = Reversal.Exact
    ) => journal.Add(Intent(step, operation, reversal)).After(seconds).Add(Done(step));

    /// <summary>A window of a watch's samples that ends now.</summary>
    public static JournalBuilder Sample(this JournalBuilder journal, double median, double greatest, int failed = 0) =>
        journal.Add(Sampled(journal.Now.AddSeconds(-1), 5, failed, median, greatest));
}
