using Belay.Cli.Screens;
using Belay.Cli.Verbs;
using Belay.Releases.Merging;

namespace Belay.Cli.Work;

/// <summary>A merge as people read it.</summary>
internal static class MergeText
{
    /// <summary>Why a conflict is one.</summary>
    public static string Why(ConflictKind kind) =>
        kind switch
        {
            ConflictKind.BothChanged => "you and the new release changed it",
            ConflictKind.BothAdded => "you and the new release added it",
            ConflictKind.RemovedInNew => "you changed it, and the new release does not have it any more",
            ConflictKind.RemovedByOperator => "you took it out, and the new release changed it",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    public static IEnumerable<ScreenLine> Lines(MergeOrder order, MergeResult result, WrittenFile? written)
    {
        foreach (var group in result.Notes.GroupBy(note => note.Kind).OrderBy(group => group.Key))
            yield return $"{Heading(group.Key), -10} {string.Join(", ", group.Select(note => note.Key))}";
        foreach (var conflict in result.Conflicts.Where(conflict => conflict.Settled is not null))
            yield return $"{"decided", -10} {conflict.Key}: {Side(conflict.Settled!.Value)}";
        foreach (var conflict in result.Open)
        {
            foreach (var line in Lines(order, conflict))
                yield return line;
        }
        foreach (var left in result.Placeholders)
            yield return ScreenLine.Of($"to fill in {left.Key}, line {left.Line} of the result: {left.Text}", Tone.Bad);
        yield return End(order, result, written);
        if (written?.Backup is { } backup)
            yield return $"what it was before: {backup}";
    }

    private static IEnumerable<ScreenLine> Lines(MergeOrder order, MergeConflict conflict)
    {
        yield return ScreenLine.Of($"conflict   {conflict.Key}: {Why(conflict.Kind)}", Tone.Bad);
        yield return $"             old   {conflict.Old ?? "(not there)"}";
        yield return $"             mine  {Mine(order, conflict)}";
        yield return $"             new   {conflict.New ?? "(not there)"}{Place(order.New, conflict.NewLine)}";
        if (conflict.PerhapsNow is { } now)
            yield return $"             perhaps it is called {now} now";
    }

    private static string Mine(MergeOrder order, MergeConflict conflict) =>
        conflict.MineLine is null ? "(not there)"
        : order.Show ? conflict.Mine + Place(order.Mine, conflict.MineLine)
        : $"see {order.Mine}:{conflict.MineLine}, or --show";

    private static string Place(string file, int? line) => line is null ? "" : $"   ({file}:{line})";

    private static ScreenLine End(MergeOrder order, MergeResult result, WrittenFile? written)
    {
        var open = new[]
        {
            Count(result.Open.Length, "conflict is open", "conflicts are open"),
            Count(result.Placeholders.Length, "placeholder is to be filled in", "placeholders are to be filled in"),
        }.Where(part => part.Length > 0);
        var state = written is null ? "nothing was written" : $"written: {written.Path}";
        if (!result.IsWhole)
            return ScreenLine.Of(
                $"{string.Join(", ", open)}: {state}; settle them at a terminal, or in a file with --decisions",
                Tone.Bad
            );
        return written is not null ? ScreenLine.Of(state, Tone.Good)
            : order.IsDry && result.IsChanged ? $"{order.Target} would change: nothing was written"
            : ScreenLine.Of($"{order.Target} is as it should be: nothing was written", Tone.Good);
    }

    private static string Count(int number, string one, string many) =>
        number == 0 ? ""
        : number == 1 ? $"1 {one}"
        : $"{number} {many}";

    private static string Side(Take take) =>
        take switch
        {
            Take.Mine => "mine",
            Take.New => "the new release's",
            Take.Both => "both",
            _ => throw new ArgumentOutOfRangeException(nameof(take)),
        };

    private static string Heading(NoteKind kind) =>
        kind switch
        {
            NoteKind.Added => "new",
            NoteKind.Updated => "updated",
            NoteKind.Removed => "removed",
            NoteKind.Kept => "kept",
            NoteKind.LeftOut => "left out",
            NoteKind.Own => "your own",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
