using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Http;

/// <summary>Compares answers with what is expected of them. Pure.</summary>
internal static class Judgement
{
    private const int MostNumbers = 32;
    private const int LongestShown = 80;

    /// <summary>What is kept of an answer: enough to judge it, and what was asked for.</summary>
    /// <exception cref="OperationException">Transient: values are asked for, the status is the expected one, and the body is no JSON.</exception>
    public static AnswerState State(Answer answer, Expectation expect, ImmutableArray<string> keep, string url)
    {
        var paths = Paths(expect).Concat(keep.IsDefault ? [] : keep).Distinct(StringComparer.Ordinal).ToArray();
        var json = answer.Json();
        if (json is null && paths.Length > 0 && StatusHolds(answer.Status, expect))
            throw OperationException.Transient($"the answer of {url} cannot be read: it is no JSON");
        var values = ImmutableSortedDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
        if (json is { } root)
        {
            if (keep.IsDefaultOrEmpty)
                values.AddRange(Numbers(root));
            foreach (var path in paths)
            {
                if (JsonPath.Find(root, path) is { } value)
                    values[path] = value;
            }
        }
        return new AnswerState
        {
            Status = answer.Status,
            LatencyMs = Math.Round(answer.Latency.TotalMilliseconds, 3),
            Headers = answer
                .Headers.Where(h => expect.Header.Keys.Contains(h.Key, StringComparer.OrdinalIgnoreCase))
                .ToImmutableSortedDictionary(h => h.Key.ToLowerInvariant(), h => h.Value),
            Values = values.ToImmutable(),
            Contains = expect.Contains is { } text ? answer.Body.Contains(text, StringComparison.Ordinal) : null,
        };
    }

    /// <summary>What does not hold, a line each; empty when all does.</summary>
    public static IEnumerable<string> Mismatches(AnswerState state, Expectation expect)
    {
        if (!StatusHolds(state.Status, expect))
            yield return $"status {state.Status}, expected {expect.Status?.ToString() ?? "200 to 299"}";
        foreach (var (name, wanted) in expect.Header)
        {
            var value = state.Headers.GetValueOrDefault(name.ToLowerInvariant());
            if (value != wanted)
                yield return $"header {name} is {value ?? "missing"}, expected {wanted}";
        }
        foreach (var (path, wanted) in Leaves(expect))
        {
            var value = Value(state, path);
            if (value is null || !JsonPath.Same(value.Value, wanted))
                yield return $"{path} is {Show(value)}, expected {Show(wanted)}";
        }
        foreach (var (path, most) in expect.AtMost)
        {
            if (Number(state, path) is not { } n || n > most)
                yield return $"{path} is {Show(Value(state, path))}, at most {most} expected";
        }
        foreach (var (path, least) in expect.AtLeast)
        {
            if (Number(state, path) is not { } n || n < least)
                yield return $"{path} is {Show(Value(state, path))}, at least {least} expected";
        }
        if (state.Contains is false)
            yield return $"the body does not contain '{expect.Contains}'";
        if (expect.Latency is { } latency && state.LatencyMs > latency.TotalMilliseconds)
            yield return $"it took {state.LatencyMs:0.#} ms, at most {Duration.Format(latency)} expected";
    }

    /// <summary>What is wrong with an expectation.</summary>
    public static IEnumerable<InputProblem> Problems(Expectation expect, string member)
    {
        if (expect.Json is { ValueKind: not JsonValueKind.Object })
            yield return new InputProblem($"{member}.json", "must be members with their values: { release: 4.2.0 }");
        if (expect.Status is < 100 or > 599)
            yield return new InputProblem($"{member}.status", $"{expect.Status} is no status: 100 to 599");
    }

    private static bool StatusHolds(int status, Expectation expect) =>
        expect.Status is { } wanted ? status == wanted : status is >= 200 and <= 299;

    private static IEnumerable<string> Paths(Expectation expect) =>
        Leaves(expect).Select(l => l.Path).Concat(expect.AtMost.Keys).Concat(expect.AtLeast.Keys);

    private static IEnumerable<(string Path, JsonElement Value)> Leaves(Expectation expect) =>
        expect.Json is { } json ? JsonPath.Leaves(json) : [];

    // Only numbers: a text that nobody asked for may be a secret.
    private static IEnumerable<KeyValuePair<string, JsonElement>> Numbers(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
            ? root.EnumerateObject()
                .Where(m => m.Value.ValueKind == JsonValueKind.Number)
                .Take(MostNumbers)
                .Select(m => KeyValuePair.Create(m.Name, m.Value))
            : [];

    private static JsonElement? Value(AnswerState state, string path) =>
        state.Values.TryGetValue(path, out var value) ? value : null;

    private static decimal? Number(AnswerState state, string path) =>
        Value(state, path) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number)
            ? number
            : null;

    private static string Show(JsonElement? value)
    {
        if (value is not { } known)
            return "missing";
        var text = known.GetRawText();
        return text.Length <= LongestShown ? text : text[..LongestShown] + "…";
    }
}
