using System.Collections.Immutable;
using Belay.Formats;

namespace Belay.Releases.Reading;

/// <summary>Reads a release folder. Nothing depends on the names of folders; of files only their endings count, and only to choose a reader.</summary>
public static class ReleaseReader
{
    /// <summary>The most files that are looked at.</summary>
    private const int MostFiles = 20_000;

    /// <summary>What is no part of a release, wherever it lies: what tools keep for themselves.</summary>
    private static readonly ImmutableHashSet<string> Skipped = [".git", ".terraform", ".belay", "node_modules"];

    /// <summary>Reads a folder.</summary>
    /// <exception cref="ReleaseProblemException">It is not there, has too many files, holds broken ones, or nothing of a release.</exception>
    public static ReleaseFacts Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw Wrong(
                folder,
                File.Exists(folder) ? "is a file" : "there is no such folder",
                "name the folder of a release"
            );
        var gathered = new Gathering();
        foreach (var path in Files(folder, gathered))
            Read(folder, path, gathered);
        if (gathered.Problems.Count > 0)
            throw new ReleaseProblemException([.. gathered.Problems]);
        var facts = gathered.Facts(folder);
        return facts.IsEmpty
            ? throw Wrong(
                folder,
                "is no release: no chart, values, image, infrastructure, variable, migration or changelog was found in it",
                "name the folder that holds them"
            )
            : facts;
    }

    /// <summary>All files of a folder, in the order of their names; links to folders are not followed.</summary>
    internal static IEnumerable<string> Files(string folder, Gathering gathered)
    {
        var waiting = new Stack<string>([folder]);
        var seen = 0;
        while (waiting.TryPop(out var place))
        {
            foreach (
                var entry in new DirectoryInfo(place)
                    .EnumerateFileSystemInfos()
                    .OrderBy(e => e.Name, StringComparer.Ordinal)
            )
            {
                var shown = Path.GetRelativePath(folder, entry.FullName);
                if (entry is DirectoryInfo { LinkTarget: not null })
                    gathered.Leave(shown, "a link to a folder is not followed");
                else if (entry is DirectoryInfo && !Skipped.Contains(entry.Name))
                    waiting.Push(entry.FullName);
                else if (entry is FileInfo && ++seen > MostFiles)
                    throw Wrong(folder, $"has more than {MostFiles} files", "name the folder of one release");
                else if (entry is FileInfo)
                    yield return entry.FullName;
            }
        }
    }

    private static void Read(string folder, string path, Gathering gathered)
    {
        var shown = Path.GetRelativePath(folder, path);
        if (FileReaders.For(shown) is not { } read)
            return;
        try
        {
            var file = SourceFile.Read(path) with { Shown = shown };
            read(file, gathered);
        }
        catch (ReleaseProblemException e)
        {
            // A file that cannot be read at all is left out, and told: it may be no part of what is compared.
            foreach (var problem in e.Problems)
                gathered.Leave(shown, problem.Message);
        }
        catch (ValueFormatException e)
        {
            gathered.Problems.Add(
                new ReleaseProblem(shown, e.Line, e.Column, e.Reason, "mend it, or leave it out of the folder")
            );
        }
    }

    private static ReleaseProblemException Wrong(string folder, string message, string hint) =>
        new(new ReleaseProblem(folder, 1, 1, message, hint));
}
