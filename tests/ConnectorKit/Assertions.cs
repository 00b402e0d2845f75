using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Xunit;

namespace ConnectorKit;

/// <summary>What the suites assert of states, inputs and the live system.</summary>
internal static class Assertions
{
    /// <summary>Fails when something of the live system changed that no touch declares.</summary>
    public static void OnlyDeclared(
        ImmutableSortedDictionary<string, string> before,
        ImmutableSortedDictionary<string, string> after,
        ImmutableArray<Touch> touches
    )
    {
        var written = touches.Where(t => t.Kind != TouchKind.Read).Select(t => t.Resource).ToArray();
        var undeclared = before
            .Keys.Union(after.Keys)
            .Where(key =>
                before.GetValueOrDefault(key) != after.GetValueOrDefault(key)
                && !written.Any(resource => Covers(resource, key))
            )
            .ToArray();
        Assert.True(
            undeclared.Length == 0,
            $"changed, and declared by no touch: {string.Join(", ", undeclared)} (declared: {string.Join(", ", written)})"
        );
    }

    /// <summary>Fails when two snapshots differ.</summary>
    public static void Unchanged(
        ImmutableSortedDictionary<string, string> before,
        ImmutableSortedDictionary<string, string> after
    ) => OnlyDeclared(before, after, []);

    /// <summary>Fails when a state does not come back from its JSON, or holds a secret in the clear.</summary>
    public static void Journalable(OperationDefinition definition, JsonElement state, ImmutableArray<string> secrets)
    {
        var read = state.Deserialize(definition.State)!;
        Assert.Equal(state.GetRawText(), JsonSerializer.Serialize(read, definition.State));
        Assert.All(
            Texts(state),
            text => Assert.DoesNotContain(secrets, s => text.Contains(s, StringComparison.Ordinal))
        );
    }

    /// <summary>Fails when inputs with a member that the operation does not know are accepted.</summary>
    public static void RefusesUnknownInput(OperationDefinition definition, JsonElement inputs)
    {
        var members = inputs.EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        Assert.Empty(definition.Validate(inputs));
        members["no-such-input"] = JsonElement.Parse("1");
        var unknown = JsonElement.Parse(
            "{" + string.Join(',', members.Select(m => $"\"{m.Key}\":{m.Value.GetRawText()}")) + "}"
        );
        Assert.Throws<JsonException>(() => definition.TouchesOf(unknown));
    }

    private static bool Covers(string resource, string key) =>
        key == resource || key.StartsWith(resource.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static IEnumerable<string> Texts(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
            JsonValueKind.Object => value
                .EnumerateObject()
                .Where(m => m.Name != SecretMarker.Name)
                .SelectMany(m => Texts(m.Value).Append(m.Name)),
            _ => [],
        };
}
