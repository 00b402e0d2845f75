using Belay.Engine.Ports;

namespace Belay.Stores.Files;

/// <summary>The faults of this store in words: which file, what is wrong, what to do.</summary>
internal static class Faults
{
    public static JournalException Missing(string run, string path) =>
        new(JournalFault.Missing, $"there is no run {run} ({path} does not exist)");

    public static JournalException Exists(string run, string path) =>
        new(JournalFault.Exists, $"the run {run} exists already ({path})");

    public static JournalException Stale(ILease lease) =>
        new(
            JournalFault.StaleLease,
            $"the lease on {lease.Environment} with fencing number {lease.Fence} is no longer held: nothing may be journaled under it. "
                + "Look who holds it now (belay status) before you resume"
        );

    public static JournalException FenceWentBack(string path, long written, ILease lease) =>
        new(
            JournalFault.StaleLease,
            $"{path} was written under fencing number {written}, and the lease on {lease.Environment} has {lease.Fence}: "
                + $"the environment's file 'fence' was removed or put back. Write {written} into it and take the lease again"
        );

    public static JournalException Unwritable(string path, Exception cause) =>
        new(
            JournalFault.Unwritable,
            $"{path} cannot be written: {cause.Message}. "
                + "Free space on its disk, or make it writable again, and then resume the run",
            cause
        );

    public static JournalException TooLong(string run, int bytes) =>
        new(
            JournalFault.Unwritable,
            $"an event of the run {run} has {bytes / 1024 / 1024} MB, and {LineReader.GreatestLine / 1024 / 1024} MB are the most: "
                + "the plan, or the state of a step, is too large for a journal"
        );

    public static JournalException Unreadable(string path, Exception cause) =>
        new(JournalFault.Unwritable, $"{path} cannot be read: {cause.Message}", cause);

    public static JournalException Damaged(string path, string what, Exception? cause = null) =>
        new(JournalFault.Damaged, $"{path} is damaged: {what}", cause);
}
