using Belay.Domain.Plans;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning.Items;

internal sealed partial class ItemReader
{
    /// <summary>How many files may use each other in a chain.</summary>
    private const int GreatestUse = 16;

    /// <summary>Puts the steps of another file in place, as a phase whose id stands before theirs.</summary>
    private PhaseItem? ReadUse(Reading reading)
    {
        var fields = reading.Fields;
        var named = fields.Take("use")!;
        var file = fields.AsText(named);
        var place = Place(reading, file is null ? reading.Place : reading.Scope.InPlan(PrefixOf(file)));
        var title = Title(reading, file ?? "?");
        var impact = ReadImpact(reading);
        var with = fields.Take("with");
        if (file is null || Open(file, named.At, reading.Scope) is not { } opened)
            return null;
        var used = session.Fields(opened.Root, Scope(opened.Path));
        PlanHeader.ReadVersion(used, Problems);
        var inputs = new DeclaredInputs(session, used, Scope(opened.Path)).FromPlan(
            with is null ? null : fields.AsMap(with, "a map of inputs"),
            fields.At
        );
        var steps = ReadAll(RequiredSteps(used), place, Scope(opened.Path) with { Inputs = inputs });
        used.End();
        return new PhaseItem
        {
            Id = place.Id,
            Title = title,
            Impact = impact,
            Steps = steps,
        };

        FileScope Scope(string path) =>
            new()
            {
                Files = reading.Scope.Files.Add(path),
                Prefix = place.Id,
                Inputs = reading.Scope.Inputs.Clear(),
            };
    }

    private (string Path, MapNode Root)? Open(string file, SourcePosition at, FileScope scope)
    {
        // Beside the file that uses it, so that a folder of parts can be moved as one.
        var path = Path.GetFullPath(file, Path.GetDirectoryName(scope.Files[^1])!);
        if (scope.Files.Contains(path))
        {
            var cycle = scope.Files.Add(path).SkipWhile(f => f != path).Select(Path.GetFileName);
            Problems.Report(DiagnosticCodes.UseCycle, at, $"the file uses itself: {string.Join(" -> ", cycle)}");
            return null;
        }
        if (scope.Files.Length >= GreatestUse || ++opened > GreatestOpened)
        {
            Problems.Report(DiagnosticCodes.Limit, at, "too many files use each other");
            return null;
        }
        var shown = Path.Combine(Path.GetDirectoryName(at.File) ?? "", file);
        if (SourceText.Read(path, shown, Problems, at) is not { } text)
            return null;
        session.Files.Add(path, text.Sha256);
        return YamlTree.Read(text, Problems) is { } root && PlanHeader.AsMap(root, Problems) is { } map
            ? (path, map)
            : null;
    }

    /// <summary>How many times files may be used in one plan: two files that each use the next twice would double it sixteen times.</summary>
    private const int GreatestOpened = 1000;

    private int opened;

    private static string PrefixOf(string file) => Path.GetFileNameWithoutExtension(file);
}
