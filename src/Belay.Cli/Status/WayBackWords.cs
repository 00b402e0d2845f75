using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;

namespace Belay.Cli.Status;

/// <summary>What going back means from here, in words.</summary>
internal static class WayBackWords
{
    public static WayBackStatus Of(RunReading reading, WayBack back) =>
        new()
        {
            Reversal = back.Steps.Select(step => step.Reversal).DefaultIfEmpty(Reversal.Exact).Max(),
            Cost = string.Join(
                "; ",
                back.Steps.Where(step => step.Cost is not null)
                    .Select(step => $"for '{step.Step}' {step.Cost}")
                    .Prepend(Cost(reading, back))
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

    private static string Restore(RunReading reading, WayBackStep step) =>
        step.Backup is { } backup
            ? $"'{step.Step}' by restoring '{backup}': {Lost(reading, backup)} are lost"
            : $"'{step.Step}' only by a restore, and the plan names no backup";

    private static string Lost(RunReading reading, string backup) =>
        BackupTime.Of(reading, backup) is { } at ? $"writes after {at:u}" : "writes after it was made";
}
