using Belay.Cli.Verbs;
using Belay.Connectors.LocalFiles;
using Belay.Releases.Merging;
using Belay.Releases.Reading;

namespace Belay.Cli.Work;

/// <summary>A file that was written.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Backup">What it was before; null when there was none.</param>
internal sealed record WrittenFile(string Path, string? Backup);

/// <summary>Writes merged files: as a whole or not at all, with what was there before kept beside.</summary>
internal static class MergeFiles
{
    /// <summary>Writes the result; null when it is there already, or nothing may be written.</summary>
    public static WrittenFile? Write(MergeOrder order, SourceFile mine, MergeResult result)
    {
        var path = Path.GetFullPath(order.Target);
        var content = mine.With(result.Text);
        var before = LocalFile.Read(path);
        if (order.IsDry || before?.Sha256 == FileImage.Hash(content))
            return null;
        string? backup = null;
        if (before is not null)
        {
            // Named by its content, so that each state is kept once, however often the merge is run.
            backup = $"{path}.before-{before.Sha256[..8]}";
            LocalFile.Copy(path, backup, FileImage.ModeOf(before.Mode));
        }
        // A values file may hold secrets: a new one is as open as the operator's, and no more.
        LocalFile.Write(path, content, before is null ? File.GetUnixFileMode(order.Mine) : null);
        return new WrittenFile(path, backup);
    }

    /// <summary>Adds what was decided to the file of decisions.</summary>
    public static void Remember(string file, IEnumerable<Decision> decisions)
    {
        var fresh = decisions.ToArray();
        if (fresh.Length == 0)
            return;
        var path = Path.GetFullPath(file);
        var old = LocalFile.Read(path) is null ? null : SourceFile.Read(path);
        LocalFile.Write(
            path,
            (old ?? new SourceFile(path, "")).With(DecisionFile.Add(old?.Text ?? "", fresh)),
            mode: null
        );
    }
}
