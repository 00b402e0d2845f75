using System.Text.Json.Serialization;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace Belay.Cli.Status;

/// <summary>How a run stands for the person who asks: the journal's word, and whether an engine is at work on it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Standing>))]
internal enum Standing
{
    /// <summary>An engine takes it forward.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>An engine holds it, and all that is left to do now waits for a person.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>An engine takes it back.</summary>
    [JsonStringEnumMemberName("rolling-back")]
    RollingBack,

    /// <summary>It only waits, and gave its environment back until it wakes; an engine stays with it.</summary>
    [JsonStringEnumMemberName("parked")]
    Parked,

    /// <summary>It was parked, and nobody stays with it any more: it does not wake by itself.</summary>
    [JsonStringEnumMemberName("parked-alone")]
    ParkedAlone,

    /// <summary>Nobody is at work on it, and nobody journaled an end: its engine died.</summary>
    [JsonStringEnumMemberName("engine-died")]
    Died,

    /// <summary>Stopped at a safe point.</summary>
    [JsonStringEnumMemberName("halted")]
    Halted,

    /// <summary>Stopped because it was told not to wait for a person.</summary>
    [JsonStringEnumMemberName("halted-waiting")]
    HaltedWaiting,

    /// <summary>Stopped with a step of which nobody knows whether it happened.</summary>
    [JsonStringEnumMemberName("in-doubt")]
    InDoubt,

    /// <summary>Reached its end.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>Ended before it had changed anything.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Ended before it had changed anything, because a check said no.</summary>
    [JsonStringEnumMemberName("refused-by-check")]
    RefusedByCheck,

    /// <summary>Went back.</summary>
    [JsonStringEnumMemberName("rolled-back")]
    RolledBack,

    /// <summary>Ended by a person as it stood.</summary>
    [JsonStringEnumMemberName("abandoned")]
    Abandoned,
}

/// <summary>Tells how a run stands.</summary>
internal static class Standings
{
    /// <param name="reading">The run.</param>
    /// <param name="isHeld">Whether an engine is at work on it, or stays with it while it is parked.</param>
    public static Standing Of(RunReading reading, bool isHeld) =>
        reading.Status switch
        {
            RunStatus.Done => Standing.Done,
            RunStatus.RolledBack => Standing.RolledBack,
            RunStatus.Abandoned => Standing.Abandoned,
            RunStatus.Failed => reading.Failure?.Cause == HaltCause.CheckFailed
                ? Standing.RefusedByCheck
                : Standing.Failed,
            RunStatus.Halted when InDoubt(reading).Any() => Standing.InDoubt,
            RunStatus.Halted => reading.Halt?.Cause == HaltCause.Waiting ? Standing.HaltedWaiting : Standing.Halted,
            RunStatus.Parked => isHeld ? Standing.Parked : Standing.ParkedAlone,
            _ when !isHeld => Standing.Died,
            RunStatus.RollingBack => Standing.RollingBack,
            _ => OnlyWaits(reading) ? Standing.Waiting : Standing.Running,
        };

    /// <summary>Steps in doubt on which nobody has given a word.</summary>
    public static IEnumerable<StepReading> InDoubt(RunReading reading) =>
        reading.Steps.Values.Where(step => step is { State: StepState.InDoubt, Resolution: null });

    /// <summary>Steps that wait for a person now.</summary>
    public static IEnumerable<(StepReading Step, Item Item)> WaitingForPeople(RunReading reading) =>
        from node in UnderWay(reading)
        where node.Item is ApproveItem or ConfirmItem
        select (node.Reading!, node.Item!);

    private static bool OnlyWaits(RunReading reading)
    {
        var leaves = UnderWay(reading).Where(node => node.Children.IsEmpty).ToArray();
        return leaves.Length > 0 && Array.TrueForAll(leaves, node => node.Item is ApproveItem or ConfirmItem);
    }

    private static IEnumerable<RunNode> UnderWay(RunReading reading) =>
        RunTree
            .Of(reading)
            .SelectMany(root => root.All())
            .Select(found => found.Node)
            .Where(node => node.Reading is { State: StepState.Running });
}
