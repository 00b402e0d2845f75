using Belay.Domain.Journal;

namespace Belay.Stores.Files;

/// <summary>Where a journal goes on.</summary>
/// <param name="History">What it holds.</param>
/// <param name="Sequence">The sequence number of its last line.</param>
/// <param name="Hash">The hash of its last line.</param>
/// <param name="Fence">The fencing number of its last line.</param>
/// <param name="Position">Where the next line begins, bytes.</param>
/// <param name="Torn">How many bytes of a torn last line were cut.</param>
internal sealed record JournalEnd(
    IReadOnlyList<JournalEntry> History,
    long Sequence,
    string Hash,
    long Fence,
    long Position,
    long Torn
);
