using System.Text.Json;
using Belay.Domain.Plans;

namespace Belay.Domain.Boundaries;

/// <summary>The loops around a step: how often it is done.</summary>
/// <param name="IsLoop">Whether there is any.</param>
/// <param name="Members">How many members there are in all; null when only the run knows.</param>
internal sealed record Loop(bool IsLoop, int? Members)
{
    public static Loop None { get; } = new(IsLoop: false, Members: 1);

    /// <summary>What a line of the boundary says of it.</summary>
    public string Words =>
        !IsLoop ? ""
        : Members is { } count ? $", for each of {count} {(count == 1 ? "member" : "members")}"
        : ", for each member; how many there are is known only when the loop begins";

    public Loop Inside(EachItem each) =>
        new(
            IsLoop: true,
            Members: each.Over.ValueKind == JsonValueKind.Array ? Members * each.Over.GetArrayLength() : null
        );

    /// <summary>What it takes to take the step back for all members, one after the other; null where that is not known.</summary>
    public Measured? Times(Measured? one) =>
        one is not null && Members is { } count ? one with { Typical = one.Typical * count } : null;
}
