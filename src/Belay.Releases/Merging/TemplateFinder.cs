using Belay.Formats;
using Belay.Releases.Reading;

namespace Belay.Releases.Merging;

/// <summary>Finds the templates that an operator's file belongs to, by the keys that they have in common.</summary>
public static class TemplateFinder
{
    /// <summary>A smaller share of common keys is no likeness.</summary>
    private const double LeastCommon = 0.3;

    /// <summary>What is merged: the file, the old release's template that is most like it, and the new one's that is most like that.</summary>
    /// <param name="mine">The operator's file.</param>
    /// <param name="oldFolder">The old release.</param>
    /// <param name="newFolder">The new release.</param>
    /// <exception cref="ReleaseProblemException">The file cannot be read, or no template is like it.</exception>
    public static MergeInput Find(string mine, string oldFolder, string newFolder)
    {
        var file = SourceFile.Read(mine);
        if (TemplateFormats.OfName(mine) is not { } format)
            throw Problem(
                mine,
                "its format cannot be told from its name",
                "merge it with belay release merge --format"
            );
        var old = Nearest(file, format, oldFolder, mine);
        return new MergeInput
        {
            Old = old,
            Mine = file,
            New = Nearest(old, format, newFolder, mine),
            Format = format,
        };
    }

    private static SourceFile Nearest(SourceFile file, TemplateFormat format, string folder, string mine)
    {
        var wanted = Keys(format, file);
        var best = ReleaseReader
            .Files(folder, new Gathering())
            .Where(path => TemplateFormats.OfName(path) == format)
            .Select(Read)
            .OfType<SourceFile>()
            .Select(other => (Other: other, Share: Share(wanted, Keys(format, other))))
            .OrderByDescending(candidate => candidate.Share)
            .FirstOrDefault();
        return best.Share >= LeastCommon
            ? best.Other
            : throw Problem(
                mine,
                $"no template in {folder} is like it",
                "name the templates: belay release merge OLD MINE NEW"
            );
    }

    private static SourceFile? Read(string path)
    {
        try
        {
            return SourceFile.Read(path);
        }
        catch (ReleaseProblemException)
        {
            // A file that cannot be read is no candidate; reading the release told of it.
            return null;
        }
    }

    private static HashSet<string> Keys(TemplateFormat format, SourceFile file)
    {
        try
        {
            return Leaves.Of(format.Read(file.Text), KeyPath.Root).Select(leaf => leaf.Key.ToString()).ToHashSet();
        }
        catch (ValueFormatException)
        {
            return [];
        }
    }

    private static double Share(HashSet<string> a, HashSet<string> b)
    {
        var all = a.Union(b).Count();
        return all == 0 ? 0 : (double)a.Count(b.Contains) / all;
    }

    private static ReleaseProblemException Problem(string file, string message, string hint) =>
        new(new ReleaseProblem(file, 1, 1, message, hint));
}
