using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Belay.Domain.Json;

/// <summary>Lets members that a JSON text leaves out keep the value of their initializer.</summary>
/// <remarks>
/// Generated contexts treat <c>init</c> members like constructor parameters and give those that are left out the
/// default of their type: a limit of 10 minutes would become 0, an empty array an uninitialised one.
/// </remarks>
internal static class InitializedMembers
{
    /// <summary>The shape of a type in a generated context, with Belay's options.</summary>
    public static JsonTypeInfo Shape(Func<JsonSerializerOptions, JsonSerializerContext> json, Type type)
    {
        var options = BelayJson.NewOptions();
        var context = json(BelayJson.NewOptions());
        options.TypeInfoResolver = context.WithAddedModifier(Keep);
        return options.TryGetTypeInfo(type, out var shape)
            ? shape
            : throw new InvalidOperationException($"{type} has no [JsonSerializable] entry in {context.GetType()}");
    }

    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2075:DynamicallyAccessedMembers",
        Justification = "Inputs, states and settings lie in the assembly of the connectors, which the program keeps whole (TrimmerRootAssembly)."
    )]
    private static void Keep(JsonTypeInfo info)
    {
        if (
            info.Kind != JsonTypeInfoKind.Object
            || info.CreateObject is not null
            || info.Type.GetConstructor(Type.EmptyTypes) is not { } constructor
        )
            return;
        info.CreateObject = () => constructor.Invoke(null);
        foreach (var member in info.Properties)
        {
            if (member.AttributeProvider is PropertyInfo { SetMethod: not null } property)
                member.Set = property.SetValue;
        }
    }
}
