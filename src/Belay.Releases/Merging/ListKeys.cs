using System.Collections.Immutable;
using Belay.Releases.Trees;

namespace Belay.Releases.Merging;

/// <summary>Lists whose elements are known by a member: <c>env</c> by <c>name</c>, hosts by <c>host</c>.</summary>
internal sealed class ListKeys(string field)
{
    private static readonly ImmutableArray<string> Fields = ["name", "id", "key", "host", "path"];

    /// <summary>By which member the elements of all three lists are known; null when there is none.</summary>
    public static ListKeys? Of(params IEnumerable<TreeNode.Branch?> lists)
    {
        var all = lists.OfType<TreeNode.Branch>().ToArray();
        var field = Fields.FirstOrDefault(name => Array.TrueForAll(all, list => IsKnownBy(list, name)));
        return field is null || Array.TrueForAll(all, list => list.Entries.IsEmpty) ? null : new ListKeys(field);
    }

    /// <summary>The list with its elements known by the member.</summary>
    public TreeNode.Branch Of(TreeNode.Branch list) =>
        list with
        {
            Entries = [.. list.Entries.Select(entry => entry with { Id = NameOf(entry, field)! })],
        };

    private static bool IsKnownBy(TreeNode.Branch list, string field)
    {
        var names = list.Entries.Select(entry => NameOf(entry, field)).ToArray();
        return Array.TrueForAll(names, name => name is not null)
            && names.Distinct(StringComparer.Ordinal).Count() == names.Length;
    }

    private static string? NameOf(Entry entry, string field) =>
        entry.Value is TreeNode.Branch { IsList: false } map
        && map.Entries.FirstOrDefault(member => member.Id == field)?.Value is TreeNode.Leaf leaf
        && leaf.Read.Length > 2
            ? leaf.Read[2..]
            : null;
}
