using System.Globalization;
using Belay.Connectors.MongoDb.Wire;

namespace Belay.MongoStandIn;

/// <summary>The part of the query language that is used here: equality, paths, comparisons, <c>$or</c> (https://www.mongodb.com/docs/manual/reference/operator/query/). Anything else is refused.</summary>
internal static class Query
{
    public static bool Matches(BsonDocument document, BsonDocument filter) =>
        filter.Elements.All(condition =>
            condition.Name == "$or"
                ? condition.Value.AsList().Any(one => Matches(document, one.AsDocument()))
                : Holds(document.At(condition.Name), condition.Value)
        );

    private static bool Holds(BsonValue? value, BsonValue condition)
    {
        if (condition.Type is not BsonType.Document || !IsOperators(condition.AsDocument()))
            return value is { } found && Compare(found, condition) == 0;
        return condition
            .AsDocument()
            .Elements.All(test =>
                value is { } found
                && Compare(found, test.Value) is { } order
                && test.Name switch
                {
                    "$gt" => order > 0,
                    "$gte" => order >= 0,
                    "$lt" => order < 0,
                    "$lte" => order <= 0,
                    "$eq" => order == 0,
                    _ => throw new CommandException(2, $"unknown operator: {test.Name}"),
                }
            );
    }

    private static bool IsOperators(BsonDocument document) =>
        document.Elements.Any() && document.Elements.All(e => e.Name.StartsWith('$'));

    // Null: values of kinds that have no order between them never meet a condition.
    private static int? Compare(BsonValue a, BsonValue b) =>
        a.Number is { } x && b.Number is { } y ? x.CompareTo(y)
        : a.Type != b.Type ? null
        : a.Type is BsonType.Text
            ? string.Compare(a.AsText(), b.AsText(), CultureInfo.InvariantCulture, CompareOptions.Ordinal)
        : a.Type is BsonType.Timestamp ? ((ulong)a.AsInt64()).CompareTo((ulong)b.AsInt64())
        : a.Raw.Span.SequenceCompareTo(b.Raw.Span);
}
