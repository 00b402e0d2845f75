using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Belay.Domain.Json;

/// <summary>Refuses what the annotations of types cannot: a null among the elements of a collection, a collection that is left out where one must be, and a number that is no word of an enumeration, one that is infinite, and a time that no clock of this program shows.</summary>
/// <remarks>
/// <see cref="JsonSerializerOptions.RespectNullableAnnotations"/> does not look into collections, a list that a JSON text
/// leaves out is an uninitialised one, enumerations take any number, <c>1e999</c> is read as infinite, and nothing can be
/// added to the last moment that there is. What Belay writes has none of these; whoever forges it would crash its readers.
/// </remarks>
public static class WholeValues
{
    private static readonly DateTimeOffset First = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Last = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The shape of a type of a generated context that demands it of all that is read by it.</summary>
    /// <param name="context">The context.</param>
    /// <param name="options">How it is read; not used elsewhere.</param>
    public static JsonTypeInfo<T> Shape<T>(JsonSerializerContext context, JsonSerializerOptions options)
    {
        options.TypeInfoResolver = context.WithAddedModifier(Demand);
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }

    private static void Demand(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object)
            return;
        Action<object>[] demands = [.. info.Properties.Select(DemandOf).OfType<Action<object>>()];
        if (demands.Length == 0)
            return;
        var before = info.OnDeserialized;
        info.OnDeserialized = read =>
        {
            before?.Invoke(read);
            foreach (var demand in demands)
                demand(read);
        };
    }

    private static Action<object>? DemandOf(JsonPropertyInfo member)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        if (member.Get is not { } get)
            return null;
        if (type.IsEnum)
            return read => MustBeWord(member.Name, type, get(read));
        if (type == typeof(double))
            return read =>
                MustBe(member.Name, get(read) is null or double and (> double.MinValue and < double.MaxValue));
        if (type == typeof(DateTimeOffset))
            return read => MustBe(member.Name, get(read) is not DateTimeOffset at || (at >= First && at <= Last));
        return type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable))
            ? read => MustBeWhole(member, get(read))
            : null;
    }

    private static void MustBe(string name, bool held)
    {
        if (!held)
            throw new JsonException($"'{name}' is out of all range");
    }

    private static void MustBeWord(string name, Type type, object? value)
    {
        if (value is not null && !Enum.IsDefined(type, value))
            throw new JsonException($"'{name}' is none of its words");
    }

    private static void MustBeWhole(JsonPropertyInfo member, object? value)
    {
        if (value is null && !member.IsGetNullable)
            throw new JsonException($"'{member.Name}' is missing");
        if (value is IList list && IsMissing(list))
            throw new JsonException($"'{member.Name}' is missing");
        var elements = value is IDictionary map ? map.Values : value as IEnumerable;
        if (elements?.Cast<object?>().Any(one => one is null) == true)
            throw new JsonException($"'{member.Name}' has a null in it");
    }

    // ImmutableArray<T> is the only collection that can be there and not be there.
    private static bool IsMissing(IList list)
    {
        try
        {
            return list.Count < 0;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
