using Belay.Cli.Status;

namespace Belay.Cli;

/// <summary>What Belay's exit codes mean; the one place.</summary>
internal static class ExitCode
{
    /// <summary>Done as asked.</summary>
    public const int Done = 0;

    /// <summary>Failed, or refused before anything was changed.</summary>
    public const int Failed = 1;

    /// <summary>The live system differs from what the plan wants, or could not be read.</summary>
    public const int DifferencesPresent = 2;

    /// <summary>A check, lint, a rehearsal or a proof says no.</summary>
    public const int SaysNo = 3;

    /// <summary>Halted, or its engine died: a person is needed.</summary>
    public const int Halted = 4;

    /// <summary>It waits for an approval or a confirmation.</summary>
    public const int WaitingForPeople = 5;

    /// <summary>Rolled back.</summary>
    public const int RolledBack = 6;

    /// <summary>A step is in doubt.</summary>
    public const int InDoubt = 7;

    /// <summary>Bad usage, or a bad file.</summary>
    public const int BadUsage = 64;

    /// <summary>The code for how a run stands.</summary>
    public static int Of(Standing standing) =>
        standing switch
        {
            Standing.Running or Standing.RollingBack or Standing.Parked or Standing.Done => Done,
            Standing.Failed or Standing.Abandoned => Failed,
            Standing.RefusedByCheck => SaysNo,
            Standing.Halted or Standing.Died or Standing.ParkedAlone => Halted,
            Standing.Waiting or Standing.HaltedWaiting => WaitingForPeople,
            Standing.RolledBack => RolledBack,
            Standing.InDoubt => InDoubt,
            _ => throw new ArgumentOutOfRangeException(nameof(standing)),
        };
}
