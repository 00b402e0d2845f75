namespace Storefront;

/// <summary>What the health page says.</summary>
internal abstract record HealthState
{
    private HealthState() { }

    internal sealed record Healthy : HealthState;

    /// <summary>The health file was removed: the operator wants no new requests here.</summary>
    internal sealed record TakenOut : HealthState;

    internal sealed record Sick(string Why) : HealthState;
}
