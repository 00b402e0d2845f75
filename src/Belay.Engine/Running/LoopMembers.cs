using System.Globalization;
using System.Text.Json;
using Belay.Domain.Journal;

namespace Belay.Engine.Running;

/// <summary>The members of a loop, as the list that it walks gives them.</summary>
internal static class LoopMembers
{
    public static IEnumerable<LoopMember> Of(JsonElement list) =>
        list.EnumerateArray()
            .Select((value, index) => new LoopMember(KeyOf(value, index), value))
            .DistinctBy(member => member.Key, StringComparer.Ordinal);

    /// <summary>A member is told by its own name where it has one, so that ids stay readable: <c>drain@web1</c>.</summary>
    private static string KeyOf(JsonElement value, int index) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Object
                when value.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String =>
                name.GetString()!,
            _ => (index + 1).ToString(CultureInfo.InvariantCulture),
        };
}
