using System.Collections.Immutable;
using System.Text.Json;

namespace Belay.Rehearsal.Operations;

/// <summary>What a simulated operation observes: a sample of the real one's state, and what the world says, in a member of its own.</summary>
internal static class SimulatedState
{
    private const string World = "$world";

    /// <summary>A state.</summary>
    /// <param name="sample">A sample of the operation's state, see <see cref="SampleState.Open"/>.</param>
    /// <param name="values">The world's values.</param>
    public static JsonElement Of(string sample, IEnumerable<string> values)
    {
        var list = string.Join(',', values.Select(value => $"\"{JsonEncodedText.Encode(value)}\""));
        return JsonElement.Parse($"{sample}\"{World}\":[{list}]}}");
    }

    /// <summary>The world's values in a state.</summary>
    public static ImmutableArray<string> Values(JsonElement state) =>
        [.. state.GetProperty(World).EnumerateArray().Select(value => value.GetString()!)];
}
