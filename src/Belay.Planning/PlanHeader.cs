using Belay.Planning.Yaml;

namespace Belay.Planning;

/// <summary>What plan files and files that they use have in common.</summary>
internal static class PlanHeader
{
    /// <summary>The version of the plan format.</summary>
    public const int Version = 1;

    public static void ReadVersion(Fields fields, Problems problems)
    {
        if (fields.Required("belay", $"the version of the plan format: {Version}") is not { } node)
            return;
        if (node is not ScalarNode scalar || CoreSchema.AsWhole(scalar) != "1")
            problems.Report(
                DiagnosticCodes.WrongValue,
                node.At,
                $"expected the version of the plan format, not {node.What}",
                $"this program reads belay: {Version}"
            );
    }

    public static MapNode? AsMap(Node root, Problems problems)
    {
        if (root is MapNode map)
            return map;
        problems.Report(
            DiagnosticCodes.WrongValue,
            root.At,
            $"expected a plan, not {root.What}",
            "a plan is a map that begins with belay: 1"
        );
        return null;
    }
}
