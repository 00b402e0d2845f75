namespace Belay.Releases.Merging;

/// <summary>Collects what becomes of keys, and settles conflicts by what was decided.</summary>
internal sealed class Settling(Func<MergeConflict, Take?> decide)
{
    private readonly List<MergeConflict> conflicts = [];
    private readonly List<MergeNote> notes = [];

    public IReadOnlyList<MergeConflict> Conflicts => conflicts;

    public IReadOnlyList<MergeNote> Notes => notes;

    public void Note(KeyPath key, NoteKind kind) => notes.Add(new MergeNote(key.ToString(), kind));

    /// <summary>What is taken; an open conflict leaves the operator's side standing.</summary>
    public Take Settle(MergeConflict conflict)
    {
        var take = decide(conflict);
        if (take == Take.Both && !conflict.IsList)
            take = null;
        conflicts.Add(conflict with { Settled = take });
        return take ?? Take.Mine;
    }
}
