using System.Collections.Immutable;
using Belay.Domain.Compatibility;
using Belay.Domain.Plans;
using Belay.Planning.Yaml;

namespace Belay.Planning.Compatibility;

/// <summary>Reads a compatibility file for the search of a path.</summary>
public static class CompatibilityLoader
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">The file; diagnostics name it as it is written here.</param>
    /// <param name="now">Versions that run now, by component, in place of those that the file states.</param>
    /// <param name="want">What shall run in the end, by component, in place of what the file states.</param>
    public static CompatibilityResult Load(
        string path,
        IReadOnlyDictionary<string, string> now,
        IReadOnlyDictionary<string, string> want
    )
    {
        var problems = new Problems();
        if (
            SourceText.Read(Path.GetFullPath(path), path, problems) is not { } text
            || YamlTree.Read(text, problems) is not { } root
            || PlanHeader.AsMap(root, problems) is not { } map
        )
            return new CompatibilityResult.Refused(problems.Sorted());
        var (facts, wants) = Read(new Fields(map, problems), Given("--now", now), Given("--want", want), problems);
        if (!problems.Any && wants.IsEmpty)
            problems.Report(
                DiagnosticCodes.MissingKey,
                map.At,
                "nothing says what shall run in the end",
                "give --want COMPONENT=VERSION, or 'want' in the file"
            );
        return problems.Any
            ? new CompatibilityResult.Refused(problems.Sorted())
            : new CompatibilityResult.Loaded(facts, wants);
    }

    /// <summary>What a plan takes from the file; what it says of now counts more than what the file says.</summary>
    internal static CompatibilityFacts ForPlan(Fields file, IEnumerable<Member> now, Problems problems) =>
        Read(file, now, [], problems).Facts;

    private static (CompatibilityFacts Facts, ImmutableSortedDictionary<string, Want> Wants) Read(
        Fields file,
        IEnumerable<Member> now,
        IEnumerable<Member> want,
        Problems problems
    )
    {
        var reader = new CompatibilityReader(problems);
        var facts = reader.Read(file);
        facts = facts with { Now = reader.ReadNow(facts, file.Map("now"), now) };
        var wants = reader.ReadWants(facts, file.Map("want"), want);
        file.End();
        return (facts, wants);
    }

    private static ImmutableArray<Member> Given(string option, IReadOnlyDictionary<string, string> given)
    {
        var at = new SourcePosition(option, 1, 1);
        return [.. given.Select(one => new Member(one.Key, at, new ScalarNode(at, one.Value, Plain: false)))];
    }
}
