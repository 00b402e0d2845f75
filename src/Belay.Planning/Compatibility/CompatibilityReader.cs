using System.Collections.Immutable;
using Belay.Domain.Compatibility;
using Belay.Domain.Plans;
using Belay.Domain.Versions;
using Belay.Planning.Yaml;

namespace Belay.Planning.Compatibility;

/// <summary>Reads <c>components</c>, <c>now</c> and <c>want</c>; every problem with its place.</summary>
internal sealed class CompatibilityReader(Problems problems)
{
    /// <summary>How many components a file may state.</summary>
    private const int GreatestComponents = 1000;

    /// <summary>How many versions a component may have.</summary>
    private const int GreatestVersions = 60;

    private static readonly Dictionary<string, Stride> Strides = new(StringComparer.Ordinal)
    {
        ["any"] = Stride.Any,
        ["next"] = Stride.Next,
        ["one-minor"] = Stride.OneMinor,
        ["one-major"] = Stride.OneMajor,
    };

    /// <summary>The components and their needs; who is where now is read apart.</summary>
    public CompatibilityFacts Read(Fields file)
    {
        PlanHeader.ReadVersion(file, problems);
        var members = (
            file.Required("components", "what has a version of its own") is { } node
                ? file.AsMap(node, "a map of components")
                : null
        )?.Members;
        if (members is { Length: > GreatestComponents })
            problems.Report(DiagnosticCodes.Limit, file.At, $"there are more than {GreatestComponents} components");
        var read = (members ?? [])
            .Take(GreatestComponents)
            .Select(member => (member, Fields: FieldsOf(file, member.Value, "{ versions: [1.0.0, 1.1.0] }")))
            .Where(one => one.Fields is not null)
            .ToArray();
        var components = read.ToImmutableSortedDictionary(
            one => one.member.Key,
            one => ReadComponent(one.Fields!, one.member.KeyAt),
            StringComparer.Ordinal
        );
        var needs = new NeedReader(problems, components);
        ImmutableArray<Need> stated = [.. read.SelectMany(one => needs.Read(one.member.Key, one.Fields!))];
        foreach (var (_, fields) in read)
            fields!.End();
        return new CompatibilityFacts
        {
            Components = components,
            Needs = stated,
            Now = ImmutableSortedDictionary<string, string>.Empty,
        };
    }

    /// <summary>The versions that run now; what a person gives counts more than what the file says.</summary>
    public ImmutableSortedDictionary<string, string> ReadNow(
        CompatibilityFacts facts,
        MapNode? stated,
        IEnumerable<Member> given
    )
    {
        var now = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var member in (stated?.Members ?? []).Concat(given))
        {
            if (VersionOf(facts, member) is { } version)
                now[member.Key] = version;
        }
        return now.ToImmutable();
    }

    /// <summary>What shall run in the end.</summary>
    public ImmutableSortedDictionary<string, Want> ReadWants(
        CompatibilityFacts facts,
        MapNode? stated,
        IEnumerable<Member> given
    )
    {
        var wants = ImmutableSortedDictionary.CreateBuilder<string, Want>(StringComparer.Ordinal);
        foreach (var member in (stated?.Members ?? []).Concat(given))
        {
            if (
                Known(facts, member) is { } component
                && new NeedReader(problems, facts.Components).RangeOf(member.Key, component, member.Value) is { } range
            )
                wants[member.Key] = new Want(range) { At = member.KeyAt };
        }
        return wants.ToImmutable();
    }

    /// <summary>A version of a component that is known, as the component writes it; null after reporting that it is none.</summary>
    public string? VersionOf(CompatibilityFacts facts, Member member)
    {
        if (Known(facts, member) is not { } component || TextOf(member.Value) is not { } version)
            return null;
        if (component.IndexOf(version) is >= 0 and var index)
            return component.Versions[index];
        problems.Report(
            DiagnosticCodes.Version,
            member.Value.At,
            $"{member.Key} has no version {version}",
            $"its versions: {string.Join(", ", component.Versions)}"
        );
        return null;
    }

    private Component? Known(CompatibilityFacts facts, Member member)
    {
        if (facts.Components.TryGetValue(member.Key, out var component))
            return component;
        problems.Report(
            DiagnosticCodes.Component,
            member.KeyAt,
            $"there is no component '{member.Key}'",
            problems.Nearest.Hint(member.Key, [.. facts.Components.Keys], "components")
        );
        return null;
    }

    private Component ReadComponent(Fields fields, SourcePosition at)
    {
        var stride = fields.Text("stride") is { } word ? StrideOf(fields, word) : Stride.Any;
        var versions = ReadVersions(fields);
        var moves = (fields.List("moves")?.Elements ?? []).Select(node => ReadMove(fields, node)).OfType<Move>();
        return new Component
        {
            Versions = versions,
            Stride = stride,
            Moves = [.. moves],
            At = at,
        };
    }

    private ImmutableArray<string> ReadVersions(Fields fields)
    {
        var list = fields.Required("versions", "a list of the versions that can be had") is { } node
            ? fields.AsList(node)
            : null;
        if (list is { Elements.Length: > GreatestVersions or 0 })
            problems.Report(
                DiagnosticCodes.Limit,
                list.At,
                $"a component has 1 to {GreatestVersions} versions, not {list.Elements.Length}"
            );
        var known = new SortedDictionary<VersionNumber, string>();
        foreach (var element in (list?.Elements ?? []).Take(GreatestVersions))
        {
            if (fields.AsText(element) is not { } text)
                continue;
            if (VersionNumber.TryParse(text) is not { } version)
            {
                fields.Wrong(element, "a version such as 4.2.0");
            }
            else if (!known.TryAdd(version, text))
            {
                problems.Report(
                    DiagnosticCodes.WrongValue,
                    element.At,
                    $"the version {text} stands twice, as {known[version]} too"
                );
            }
        }
        return [.. known.Values];
    }

    private Stride StrideOf(Fields fields, string word)
    {
        if (Strides.TryGetValue(word, out var stride))
            return stride;
        problems.Report(
            DiagnosticCodes.WrongValue,
            fields.PlaceOf("stride"),
            $"there is no stride '{word}'",
            problems.Nearest.Hint(word, Strides.Keys, "strides")
        );
        return Stride.Any;
    }

    private Move? ReadMove(Fields component, Node node)
    {
        if (FieldsOf(component, node, "{ from: \"<5\", to: 4.9.0 }") is not { } fields)
            return null;
        var (from, to) = (Range(fields, "from"), Range(fields, "to"));
        fields.End();
        return from is null || to is null ? null : new Move(from, to);
    }

    private static string? Range(Fields fields, string key)
    {
        if (
            fields.Required(key, "a version or a range of versions") is not { } node
            || fields.AsText(node) is not { } text
        )
            return null;
        if (VersionRange.TryParse(text) is not null)
            return text;
        fields.Wrong(node, NeedReader.ExampleOfRange);
        return null;
    }

    private string? TextOf(Node node) => new Fields(new MapNode(node.At, []), problems).AsText(node);

    private Fields? FieldsOf(Fields around, Node node, string example) =>
        around.AsMap(node, $"a map such as {example}") is { } map ? new Fields(map, problems) : null;
}
