using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Evidence;
using Belay.Domain.Operations;
using Belay.Engine.Ports;

namespace Belay.Engine;

/// <summary>What the engine works with; put together by the program that hosts it.</summary>
public sealed record EngineParts
{
    /// <summary>All operations.</summary>
    public required Catalog Catalog { get; init; }

    /// <summary>The journals.</summary>
    public required IJournalStore Journals { get; init; }

    /// <summary>The leases.</summary>
    public required ILeases Leases { get; init; }

    /// <summary>What people ask from other terminals.</summary>
    public required IRequests Requests { get; init; }

    /// <summary>Secret members of states.</summary>
    public required ISealedValues Sealed { get; init; }

    /// <summary>Child processes.</summary>
    public required IChildProcesses Children { get; init; }

    /// <summary>What keeps the deadlines of freezes when no engine does.</summary>
    public required IWatchdogs Watchdogs { get; init; }

    /// <summary>Which systems each environment is known to consist of.</summary>
    public required IIdentities Identities { get; init; }

    /// <summary>The environment of the run.</summary>
    public required ILiveEnvironment Environment { get; init; }

    /// <summary>Whether a person may act in a role: person, role.</summary>
    public required Func<string, string, bool> MayAct { get; init; }

    /// <summary>The keys of people, and whether they must sign. Default: nobody has one.</summary>
    public Signers Signers { get; init; } = Signers.None;

    /// <summary>The working folder (absolute) of a run; it exists after the call.</summary>
    public required Func<string, string> WorkingFolder { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The version of Belay, for the journal.</summary>
    public required string Version { get; init; }

    /// <summary>The machine's name, for the journal.</summary>
    public required string Host { get; init; }

    /// <summary>How long a change that is under way may go on after a halt was asked for, before it is told to stop. Default 30 seconds.</summary>
    public TimeSpan HaltGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a change that was told to stop may take to do so, before it is left in doubt. Default 30 seconds.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A soak that has longer than this to go parks its run. Default <see cref="CustomaryParking"/>.</summary>
    public TimeSpan ParkAfter { get; init; } = CustomaryParking;

    /// <summary>10 minutes.</summary>
    public static TimeSpan CustomaryParking { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Who the engine of this process is, for other people: <c>anna on host, process 4711</c>.</summary>
    internal string NameOf(string by) => $"{by} on {Host}, process {System.Environment.ProcessId}";
}
