using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Belay.Releases.Merging;

/// <summary>Whether every alias has its anchor before it: a merge may take one without the other.</summary>
internal static class YamlAnchors
{
    /// <summary>What is wrong; null when nothing is.</summary>
    public static string? Problem(string text)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            if (parser.Current is AnchorAlias alias && !known.Contains(alias.Value.Value))
                return $"the alias *{alias.Value.Value} in line {alias.Start.Line} of the result would have no anchor before it";
            if (parser.Current is NodeEvent { Anchor.IsEmpty: false } node)
                known.Add(node.Anchor.Value);
        }
        return null;
    }
}
