using System.Collections.Immutable;
using Belay.Domain.Compatibility;
using Belay.Domain.Versions;
using Belay.Planning.Yaml;

namespace Belay.Planning.Compatibility;

/// <summary>Reads <c>needs</c>: <c>- { versions: ">=5", with: { postgres: ">=14", schema: { least: 41, greatest: 42 } } }</c>.</summary>
internal sealed class NeedReader(Problems problems, ImmutableSortedDictionary<string, Component> components)
{
    public const string ExampleOfRange = "a range such as >=5, <6 or ^4.2 or 1.2 - 1.4";

    public IEnumerable<Need> Read(string component, Fields fields)
    {
        foreach (var node in fields.List("needs")?.Elements ?? [])
        {
            if (fields.AsMap(node, "a map such as { versions: \">=5\", with: { postgres: \">=14\" } }") is not { } map)
                continue;
            var need = new Fields(map, problems);
            var versions = need.Take("versions") is { } range ? RangeOf(component, components[component], range) : "*";
            var because = need.Text("because");
            var with = need.Required("with", "what these versions work with") is { } other
                ? need.AsMap(other, "a map of components and ranges")
                : null;
            need.End();
            foreach (var member in with?.Members ?? [])
            {
                if (ReadOne(component, versions ?? "*", member) is { } one)
                    yield return one with
                    {
                        Because = because,
                    };
            }
        }
    }

    /// <summary>A range of versions of a component; null after reporting that it is none, or that no version lies in it.</summary>
    public string? RangeOf(string name, Component component, Node node)
    {
        var fields = new Fields(new MapNode(node.At, []), problems);
        var text = node is MapNode window ? WindowOf(window) : fields.AsText(node);
        if (text is null)
            return null;
        if (VersionRange.TryParse(text) is not { } range)
        {
            fields.Wrong(node, ExampleOfRange);
            return null;
        }
        if (!component.Versions.IsEmpty && !component.Versions.Any(v => range.Holds(VersionNumber.TryParse(v)!)))
        {
            problems.Report(
                DiagnosticCodes.Version,
                node.At,
                $"no version of {name} lies in '{text}'",
                $"its versions: {string.Join(", ", component.Versions)}"
            );
            return null;
        }
        return text;
    }

    private Need? ReadOne(string component, string versions, Member member)
    {
        if (member.Key == component)
        {
            problems.Report(
                DiagnosticCodes.Component,
                member.KeyAt,
                $"{component} cannot need itself",
                "how far one step may lead is said by 'stride' or 'moves'"
            );
            return null;
        }
        if (!components.TryGetValue(member.Key, out var other))
        {
            problems.Report(
                DiagnosticCodes.Component,
                member.KeyAt,
                $"there is no component '{member.Key}'",
                problems.Nearest.Hint(member.Key, [.. components.Keys], "components")
            );
            return null;
        }
        return RangeOf(member.Key, other, member.Value) is { } range
            ? new Need
            {
                Component = component,
                Versions = versions,
                Of = member.Key,
                Range = range,
                At = member.KeyAt,
            }
            : null;
    }

    /// <summary>A window of schema versions, as plans write it.</summary>
    private string? WindowOf(MapNode map)
    {
        var fields = new Fields(map, problems);
        var (least, greatest) = (fields.Count("least", least: 0), fields.Count("greatest", least: 0));
        fields.End();
        if (least > greatest)
        {
            problems.Report(
                DiagnosticCodes.WrongValue,
                map.At,
                $"the window ends at {greatest}, before it begins at {least}",
                "least is the oldest version that works, greatest the newest"
            );
            return null;
        }
        return (least, greatest) switch
        {
            ({ } from, { } to) => $">={from} <={to}",
            ({ } from, null) => $">={from}",
            (null, { } to) => $"<={to}",
            _ => "*",
        };
    }
}
