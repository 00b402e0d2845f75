using System.Text.Json.Serialization;

namespace Belay.Domain.Parking;

/// <summary>A resource that a run, or a plan, touches.</summary>
/// <param name="Resource">The resource, as its <see cref="Contract.Touch"/> names it; a file by its absolute path.</param>
/// <param name="Altered">Whether anything but reading is done to it.</param>
public sealed record TouchedResource(string Resource, bool Altered)
{
    /// <inheritdoc cref="Contract.Touch.Address"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Address { get; init; }
}
