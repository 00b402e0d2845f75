using System.Collections.Immutable;

namespace Kills;

/// <summary>What a target itself remembers of one step.</summary>
/// <param name="Begun">How often the effect began; 0 where the target does not tell.</param>
/// <param name="Effects">Each effect in its order: true when it happened, false when it was taken back.</param>
internal sealed record Trace(int Begun, ImmutableArray<bool> Effects)
{
    /// <summary>The effect stands.</summary>
    public bool Stands => !Effects.IsEmpty && Effects[^1];

    /// <summary>It never happened while it stood, and was never taken back while it did not.</summary>
    public bool Alternates => Effects.Select((did, i) => did == (i % 2 == 0)).All(fits => fits);
}
