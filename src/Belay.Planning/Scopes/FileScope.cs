using System.Collections.Immutable;
using Belay.Planning.Yaml;

namespace Belay.Planning.Scopes;

/// <summary>What the texts of one file may refer to.</summary>
internal sealed record FileScope
{
    /// <summary>The file, absolute; and those that use it, outermost first.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>What stands before the ids of the file's steps; empty for the plan's own.</summary>
    public required string Prefix { get; init; }

    /// <summary>The inputs, with their values.</summary>
    public required ImmutableDictionary<string, Node> Inputs { get; init; }

    /// <summary>The variables of the loops around; the members where they are known.</summary>
    public ImmutableDictionary<string, ListNode?> Loops { get; init; } = ImmutableDictionary<string, ListNode?>.Empty;

    public string InPlan(string id) => Prefix.Length == 0 ? id : $"{Prefix}-{id}";
}
