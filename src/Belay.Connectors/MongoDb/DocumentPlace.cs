using System.Text.Json;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.MongoDb;

/// <summary>One value in one document.</summary>
public sealed record DocumentPlace
{
    /// <summary>The collection: <c>meta</c>.</summary>
    public required string Collection { get; init; }

    /// <summary>Which document, as a query in JSON: <c>{ _id: schema }</c>. Types that JSON lacks are written as MongoDB Extended JSON: <c>{ _id: { $oid: ... } }</c>. Exactly one must match.</summary>
    public required JsonElement Filter { get; init; }

    /// <summary>The value: a member's name; dots lead inside, numbers into lists.</summary>
    public required string Path { get; init; }

    internal string Words => $"{Path} of {Filter.GetRawText()} in {Collection}";

    internal IEnumerable<InputProblem> Problems(string member)
    {
        if (Collection.Length == 0 || Collection.Contains('$', StringComparison.Ordinal))
            yield return new InputProblem($"{member}.collection", "is no name of a collection");
        if (Path.Length == 0)
            yield return new InputProblem($"{member}.path", "is empty: name the member");
        if (ProblemOfFilter() is { } problem)
            yield return new InputProblem($"{member}.filter", problem);
    }

    /// <summary>Reads it.</summary>
    internal async Task<DocumentValue> ReadAsync(MongoSession session, string database, CancellationToken ct)
    {
        var command = new BsonBuilder()
            .Add("find", Collection)
            .Add("filter", ExtendedJson.ToBson(Filter))
            .Add("limit", 2)
            .Add("singleBatch", true);
        var found = new List<BsonDocument>();
        await foreach (var document in session.ReadAsync(database, command, ct))
            found.Add(document);
        return new DocumentValue
        {
            Matches = found.Count,
            Value =
                found is [var one] && one.At(Path) is { Type: not (BsonType.Null or BsonType.Undefined) } value
                    ? ExtendedJson.ToJson(value)
                    : null,
        };
    }

    private string? ProblemOfFilter()
    {
        try
        {
            return ExtendedJson.ToBson(Filter).Elements.Any() ? null : "is empty: say which document";
        }
        catch (Exception e) when (e is FormatException or OverflowException or KeyNotFoundException)
        {
            return $"is no query: {e.Message}";
        }
    }
}

/// <summary>What stands at a <see cref="DocumentPlace"/>. It is journaled: do not ask for what must not be shown.</summary>
public sealed record DocumentValue
{
    /// <summary>How many documents match; 2 means 2 or more.</summary>
    public required int Matches { get; init; }

    /// <summary>The value, as JSON; null when there is none, when it is null, or when not exactly one document matches.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Why there is no value; null when there is one.</summary>
    internal string? Missing(DocumentPlace place) =>
        Matches switch
        {
            0 => $"no document {place.Filter.GetRawText()} in {place.Collection}",
            1 when Value is null =>
                $"the document {place.Filter.GetRawText()} in {place.Collection} has no {place.Path}",
            1 => null,
            _ => $"several documents match {place.Filter.GetRawText()} in {place.Collection}",
        };

    /// <summary>The value as a version number.</summary>
    /// <exception cref="OperationException">Refused: it is none.</exception>
    internal int Version(DocumentPlace place, string where) =>
        Value is { ValueKind: JsonValueKind.Number } value
        && value.TryGetDecimal(out var number)
        && number == (int)number
            ? (int)number
            : throw OperationException.Refused(
                $"{where}: {Missing(place) ?? $"{place.Words} is {Value?.GetRawText()}, which is no version"}"
            );
}
