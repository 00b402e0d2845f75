using Belay.Domain.Journal;

namespace Belay.Engine.Ports;

/// <summary>The journal of one run, open for writing. Safe for several threads; the order of <see cref="Append"/> is the order of the journal.</summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>The run.</summary>
    string Run { get; }

    /// <summary>All events that the journal held when it was opened, the first one included.</summary>
    IReadOnlyList<JournalEntry> History { get; }

    /// <summary>How many bytes of a torn last line were cut when it was opened; 0: none.</summary>
    long Torn { get; }

    /// <summary>Puts an event at the end. Readers see it soon; it is durable only after the next <see cref="CommitAsync"/>.</summary>
    /// <exception cref="JournalException">The lease is stale, or an earlier write failed: nothing can be journaled any more.</exception>
    JournalEntry Append(JournalEvent happened);

    /// <summary>Makes every event appended so far durable. Commits that wait at the same time share one flush.</summary>
    /// <exception cref="JournalException">It could not be written or flushed: what was appended must be taken as not journaled.</exception>
    Task CommitAsync();
}

/// <summary>A journal cannot be read or written. The message says which, where and what to do.</summary>
public sealed class JournalException : Exception
{
    /// <summary>What is wrong.</summary>
    public JournalException(JournalFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>Which kind of thing is wrong.</summary>
    public JournalFault Fault { get; }
}

/// <summary>What can be wrong with a journal.</summary>
public enum JournalFault
{
    /// <summary>There is no such run.</summary>
    Missing,

    /// <summary>The run exists already.</summary>
    Exists,

    /// <summary>Another holder has taken the lease since.</summary>
    StaleLease,

    /// <summary>A line is changed, missing, added or out of order.</summary>
    Damaged,

    /// <summary>The disk is full, read-only or gone.</summary>
    Unwritable,
}
