using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Memory;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;

namespace Belay.Cli.Status;

/// <summary>What going back means from here, in words.</summary>
internal static class WayBackWords
{
    /// <param name="reading">The run.</param>
    /// <param name="back">The way back.</param>
    /// <param name="known">What earlier runs tell of the times; null: they are not asked.</param>
    public static WayBackStatus Of(RunReading reading, WayBack back, Measurements? known = null) =>
        new()
        {
            Reversal = back.Steps.Select(step => step.Reversal).DefaultIfEmpty(Reversal.Exact).Max(),
            Cost = string.Join(
                "; ",
                back.Steps.Where(step => step.Cost is not null)
                    .Select(step => $"for '{step.Step}' {step.Cost}")
                    .Prepend(Cost(reading, back) + Time(back, known ?? Measurements.None))
            ),
            Steps =
            [
                .. back.Steps.Select(step => new WayBackLine(step.Step, step.Operation, step.Reversal, step.Backup)
                {
                    Cost = step.Cost,
                }),
            ],
        };

    private static string Cost(RunReading reading, WayBack back) =>
        back switch
        {
            { Steps.IsEmpty: true } => "no change stands: there is nothing to take back",
            { Never: [var final, ..] } =>
                $"past the boundary: '{final}' can never be taken back, and nothing before it without loss",
            { Restores: [_, ..] } => string.Join(
                "; ",
                back.Restores.DistinctBy(step => step.Backup, StringComparer.Ordinal)
                    .Select(step => Restore(reading, step))
            ),
            { Steps.Length: 1 } => $"exact: '{back.Steps[0].Step}' can be taken back",
            _ => $"exact: all {back.Steps.Length} changes can be taken back",
        };

    // A member of a loop takes what the step of the loop took, whoever the member was.
    private static string Time(WayBack back, Measurements known)
    {
        Spread[] measured =
        [
            .. back
                .Steps.Select(step => known.Find(step.Step.Split('@')[0], step.Operation, Direction.Back))
                .OfType<Spread>(),
        ];
        if (measured.Length == 0)
            return "";
        var sum = measured.Aggregate(TimeSpan.Zero, (all, one) => all + one.P50);
        return measured.Length == back.Steps.Length
            ? $", in about {Duration.Rounded(sum)} as earlier runs tell"
            : $", in at least {Duration.Rounded(sum)} ({measured.Length} of {back.Steps.Length} steps were measured in earlier runs)";
    }

    private static string Restore(RunReading reading, WayBackStep step) =>
        step.Backup is { } backup
            ? $"'{step.Step}' by restoring '{backup}': {Lost(reading, backup)} are lost"
            : $"'{step.Step}' only by a restore, and the plan names no backup";

    private static string Lost(RunReading reading, string backup) =>
        BackupTime.Of(reading, backup) is { } at ? $"writes after {at:u}" : "writes after it was made";
}
