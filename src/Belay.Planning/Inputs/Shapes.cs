using System.Text.Json.Serialization.Metadata;

namespace Belay.Planning.Inputs;

/// <summary>The shapes of types, each made once.</summary>
internal sealed class Shapes
{
    private readonly Dictionary<Type, Shape> made = [];

    public Shape Of(JsonTypeInfo type)
    {
        if (!made.TryGetValue(type.Type, out var shape))
            made[type.Type] = shape = ShapeBuilder.Build(TypeSchema.Of(type));
        return shape;
    }
}
