using System.Collections.Immutable;
using Belay.Domain.Environments;

namespace Belay.Domain.Lint;

/// <summary>What an environment file says to lint.</summary>
public sealed record HouseRules
{
    /// <summary>The environment says nothing.</summary>
    public static HouseRules None { get; } = new();

    /// <summary>What the environment demands of every plan.</summary>
    public Policies Policies { get; init; } = Policies.None;

    /// <summary>Which findings its people accept.</summary>
    public ImmutableArray<Acceptance> Acceptances { get; init; } = [];
}
