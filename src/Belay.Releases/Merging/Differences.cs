using Belay.Releases.Trees;

namespace Belay.Releases.Merging;

/// <summary>Notes what a value that was taken as a whole added, changed and removed.</summary>
/// <param name="settling">Takes the notes.</param>
/// <param name="added">What a key is that only the taken value has.</param>
/// <param name="changed">What a key is that both have.</param>
/// <param name="removed">What a key is that only the other one has.</param>
internal sealed class Differences(Settling settling, NoteKind added, NoteKind changed, NoteKind removed)
{
    /// <summary>Of what the new release brought.</summary>
    public static Differences Updated(Settling settling) =>
        new(settling, NoteKind.Added, NoteKind.Updated, NoteKind.Removed);

    /// <summary>Of what the operator did.</summary>
    public static Differences Kept(Settling settling) => new(settling, NoteKind.Own, NoteKind.Kept, NoteKind.LeftOut);

    public void Note(TreeNode? old, TreeNode taken, KeyPath path)
    {
        if (old is not null && old.Meaning == taken.Meaning)
            return;
        if (old is not TreeNode.Branch before || taken is not TreeNode.Branch now || before.IsList != now.IsList)
        {
            settling.Note(path, changed);
            return;
        }
        if (now.IsList)
        {
            if (ListKeys.Of(before, now) is not { } keys)
            {
                settling.Note(path, changed);
                return;
            }
            (before, now) = (keys.Of(before), keys.Of(now));
        }
        var (b, n) = (before.Entries.ToDictionary(e => e.Id), now.Entries.ToDictionary(e => e.Id));
        foreach (var entry in now.Entries)
        {
            var key = path.Then(entry.Id, now.IsList);
            if (b.TryGetValue(entry.Id, out var other))
                Note(other.Value, entry.Value, key);
            else
                settling.Note(key, added);
        }
        foreach (var entry in before.Entries.Where(entry => !n.ContainsKey(entry.Id)))
            settling.Note(path.Then(entry.Id, now.IsList), removed);
    }
}
