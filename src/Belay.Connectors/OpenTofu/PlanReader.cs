using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Connectors.OpenTofu;

/// <summary>Reads what <c>show -json PLANFILE</c> says. Pure.</summary>
/// <remarks>The format: https://opentofu.org/docs/internals/json-format/ (format version 1.x of both tools).</remarks>
internal static class PlanReader
{
    private const int MostValues = 12;
    private const int LongestValue = 80;

    /// <summary>Everything that the plan alters, by address; reads and what stays as it is are left out.</summary>
    /// <exception cref="OperationException">Refused: it is no plan that Belay knows, or the plan is incomplete.</exception>
    public static ImmutableArray<PlannedChange> Read(JsonElement plan)
    {
        if (
            !plan.TryGetProperty("format_version", out var version)
            || version.GetString()?.StartsWith("1.", StringComparison.Ordinal) is not true
        )
            throw OperationException.Refused(
                "the tool describes its plan in a format that Belay does not know: format_version 1.x is expected"
            );
        if (plan.TryGetProperty("errored", out var errored) && errored.GetBoolean())
            throw OperationException.Refused("the tool could not plan everything: its plan is incomplete");
        var resources = (plan.TryGetProperty("resource_changes", out var list) ? list : Empty)
            .EnumerateArray()
            .Where(change => change.GetProperty("mode").GetString() == "managed")
            .Select(OfResource);
        var outputs = plan.TryGetProperty("output_changes", out var changes)
            ? changes.EnumerateObject().Select(output => OfOutput(output.Name, output.Value))
            : [];
        return [.. resources.Concat(outputs).OfType<PlannedChange>().OrderBy(c => c.Address, StringComparer.Ordinal)];
    }

    private static PlannedChange? OfResource(JsonElement resource)
    {
        var address = resource.GetProperty("address").GetString()!;
        var from = resource.TryGetProperty("previous_address", out var previous) ? previous.GetString() : null;
        var change = resource.GetProperty("change");
        return ActionOf(change, from is not null && from != address) is { } action
            ? new PlannedChange
            {
                // An object that was replaced but not destroyed yet has the address of its successor.
                Address = resource.TryGetProperty("deposed", out var deposed)
                    ? $"{address} (deposed {deposed.GetString()})"
                    : address,
                Action = action,
                From = from == address ? null : from,
                Reason = resource.TryGetProperty("action_reason", out var reason) ? reason.GetString() : null,
                Words = WordsOf(change),
                Content = ContentOf(change),
            }
            : null;
    }

    private static PlannedChange? OfOutput(string name, JsonElement change) =>
        ActionOf(change, isMoved: false) is { } action
            ? new PlannedChange
            {
                Address = Output + name,
                // An output is only a value: whatever happens to it, nothing that exists is lost.
                Action = action is PlannedAction.Create ? PlannedAction.Create : PlannedAction.Update,
                Words = WordsOf(change),
                Content = ContentOf(change),
            }
            : null;

    /// <summary>What addresses of outputs begin with.</summary>
    internal const string Output = "output.";

    private static PlannedAction? ActionOf(JsonElement change, bool isMoved)
    {
        var actions = string.Join(',', change.GetProperty("actions").EnumerateArray().Select(a => a.GetString()));
        return actions switch
        {
            _ when change.TryGetProperty("importing", out var importing)
                    && importing.ValueKind == JsonValueKind.Object => PlannedAction.Import,
            "create" => PlannedAction.Create,
            "update" => PlannedAction.Update,
            "delete,create" => PlannedAction.Replace,
            "create,delete" => PlannedAction.ReplaceCreatingFirst,
            "delete" => PlannedAction.Delete,
            "forget" => PlannedAction.Forget,
            "create,forget" => PlannedAction.Forget,
            "no-op" when isMoved => PlannedAction.Move,
            "no-op" or "read" => null,
            _ => throw OperationException.Refused(
                $"the tool plans '{actions}', which this version of Belay does not know"
            ),
        };
    }

    private static Secret ContentOf(JsonElement change)
    {
        var text = string.Join(
            '\n',
            ((string[])["actions", "before", "after", "after_unknown", "importing"]).Select(name =>
                change.TryGetProperty(name, out var value) ? value.GetRawText() : "null"
            )
        );
        return new Secret(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    // Only what changes, member by member; what is sensitive anywhere inside is sensitive as a whole.
    private static string WordsOf(JsonElement change)
    {
        var (before, after) = (Value(change, "before"), Value(change, "after"));
        // Of what goes it is enough to know which one it is.
        if (after.ValueKind == JsonValueKind.Null && At(before, "id") is { ValueKind: JsonValueKind.String } id)
            return $"id {Shown(id, Inner(change, "before_sensitive", "id"))}";
        if (before.ValueKind != JsonValueKind.Object && after.ValueKind != JsonValueKind.Object)
            return Step(change, null, before, after);
        var names = Names(before)
            .Union(Names(after))
            .Union(Names(Value(change, "after_unknown")))
            .Order(StringComparer.Ordinal);
        string[] words =
        [
            .. names
                .Where(name =>
                    (IsTrue(Inner(change, "after_unknown", name)) || !Equal(At(before, name), At(after, name)))
                    && IsTold(At(before, name), At(after, name), before)
                )
                .Select(name => $"{name} {Step(change, name, At(before, name), At(after, name))}"),
        ];
        return words.Length > MostValues
            ? $"{string.Join("; ", words.Take(MostValues))}; and {words.Length - MostValues} more"
            : string.Join("; ", words);
    }

    // What will be known of something that is made is nothing to read; of something that is there it is.
    private static bool IsTold(JsonElement was, JsonElement will, JsonElement before) =>
        was.ValueKind != JsonValueKind.Null
        || will.ValueKind != JsonValueKind.Null
        || before.ValueKind == JsonValueKind.Object;

    private static string Step(JsonElement change, string? name, JsonElement before, JsonElement after)
    {
        var was =
            before.ValueKind is JsonValueKind.Null ? null : Shown(before, Inner(change, "before_sensitive", name));
        var will =
            IsTrue(Inner(change, "after_unknown", name)) ? "(known afterwards)"
            : after.ValueKind is JsonValueKind.Null ? null
            : Shown(after, Inner(change, "after_sensitive", name));
        return (was, will) switch
        {
            (null, _) => will ?? "none",
            (_, null) => $"{was} -> none",
            _ => $"{was} -> {will}",
        };
    }

    private static string Shown(JsonElement value, JsonElement sensitive)
    {
        if (IsTrue(sensitive))
            return "(sensitive)";
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return text.Length > LongestValue ? $"{text[..LongestValue]}..." : text;
    }

    private static bool IsTrue(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.Object => value.EnumerateObject().Any(member => IsTrue(member.Value)),
            JsonValueKind.Array => value.EnumerateArray().Any(IsTrue),
            _ => false,
        };

    private static JsonElement Inner(JsonElement change, string member, string? name)
    {
        var value = Value(change, member);
        return name is null || value.ValueKind is JsonValueKind.True ? value : At(value, name);
    }

    private static JsonElement At(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var inner) ? inner : Null;

    private static JsonElement Value(JsonElement change, string name) =>
        change.TryGetProperty(name, out var value) ? value : Null;

    private static IEnumerable<string> Names(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().Select(member => member.Name) : [];

    private static bool Equal(JsonElement a, JsonElement b) => JsonElement.DeepEquals(a, b);

    private static JsonElement Empty { get; } = JsonElement.Parse("[]");

    private static JsonElement Null { get; } = JsonElement.Parse("null");
}
