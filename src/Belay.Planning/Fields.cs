using Belay.Domain.Json;
using Belay.Domain.Plans;
using Belay.Planning.Yaml;

namespace Belay.Planning;

/// <summary>Takes the known keys out of a map, reports values of the wrong type, and in the end every key that nobody asked for.</summary>
/// <param name="map">The map.</param>
/// <param name="problems">Takes the diagnostics.</param>
/// <param name="resolve">Puts references in place; what the file writes stays as it is when null.</param>
internal sealed class Fields(MapNode map, Problems problems, Func<Node, Node>? resolve = null)
{
    private readonly List<string> known = [];

    public SourcePosition At => map.At;

    /// <summary>Puts references in place; null: what the file writes stays as it is.</summary>
    public Func<Node, Node>? Resolve => resolve;

    /// <summary>Whether the key is there, without taking it.</summary>
    public bool Has(string key) => map.Find(key) is not null;

    /// <summary>The value with its references in place; null when the key is not there.</summary>
    public Node? Take(string key) => Raw(key) is { } node ? resolve?.Invoke(node) ?? node : null;

    /// <summary>The value as it was written; null when the key is not there.</summary>
    public Node? Raw(string key)
    {
        known.Add(key);
        return map.Find(key);
    }

    /// <summary>Where the key stands; the map's own place when it is not there.</summary>
    public SourcePosition PlaceOf(string key) => map.Members.FirstOrDefault(m => m.Key == key)?.KeyAt ?? map.At;

    public Node? Required(string key, string what)
    {
        var node = Take(key);
        if (node is null)
            problems.Report(DiagnosticCodes.MissingKey, map.At, $"'{key}' is missing", $"it is {what}");
        return node;
    }

    public string? Text(string key) => Take(key) is { } node ? AsText(node) : null;

    public string? RequiredText(string key, string what) => Required(key, what) is { } node ? AsText(node) : null;

    public TimeSpan? Time(string key) => Take(key) is { } node ? AsTime(node) : null;

    public int? Count(string key, int least) => Take(key) is { } node ? AsCount(node, least) : null;

    public ListNode? List(string key) => Take(key) is { } node ? AsList(node) : null;

    public MapNode? Map(string key) => Raw(key) is { } node ? AsMap(node, "a map") : null;

    public bool Flag(string key)
    {
        var node = Take(key);
        if (node is null or ScalarNode { Open: true })
            return false;
        if (node is ScalarNode scalar && CoreSchema.AsBoolean(scalar) is { } flag)
            return flag;
        Wrong(node, "true or false");
        return false;
    }

    public string? AsText(Node node)
    {
        if (node is ScalarNode { Waiting: [var waiting, ..] })
            problems.Report(
                DiagnosticCodes.Reference,
                node.At,
                $"{waiting} is known only while the plan runs, and this must be known before",
                "use ${env.name}, ${inputs.name}, ${from} or ${to} here"
            );
        if (node is ScalarNode { Open: true })
            return null;
        if (node is ScalarNode scalar && !CoreSchema.IsNull(scalar) && scalar.Text.Length > 0)
            return scalar.Text.Replace("$${", "${", StringComparison.Ordinal);
        Wrong(node, "a text");
        return null;
    }

    public TimeSpan? AsTime(Node node)
    {
        if (AsText(node) is not { } text)
            return null;
        if (Duration.TryParse(text, out var time))
            return time;
        Wrong(node, $"a duration such as {Duration.Example}");
        return null;
    }

    public int? AsCount(Node node, int least)
    {
        if (AsText(node) is null)
            return null;
        if (
            node is ScalarNode scalar
            && CoreSchema.AsWhole(scalar) is { } whole
            && int.TryParse(whole, out var count)
            && count >= least
        )
            return count;
        Wrong(node, least == 0 ? "a whole number" : $"a whole number of at least {least}");
        return null;
    }

    public ListNode? AsList(Node node)
    {
        if (node is ListNode list)
            return list;
        Wrong(node, "a list");
        return null;
    }

    public MapNode? AsMap(Node node, string what)
    {
        if (node is MapNode inner)
            return inner;
        Wrong(node, what);
        return null;
    }

    public void Wrong(Node node, string wanted)
    {
        if (node is not ScalarNode { Open: true })
            problems.Report(DiagnosticCodes.WrongValue, node.At, $"expected {wanted}, not {node.What}");
    }

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void End()
    {
        foreach (var member in map.Members)
        {
            if (!known.Contains(member.Key))
                problems.Report(
                    DiagnosticCodes.UnknownKey,
                    member.KeyAt,
                    $"unknown key '{member.Key}'",
                    problems.Nearest.Hint(member.Key, known, "keys")
                );
        }
    }
}
