using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Lint;

namespace Belay.Domain.Parking;

/// <summary>All that a run, or a plan, touches: what tells whether another one may go on beside it.</summary>
public sealed record Reach
{
    /// <summary>The resources, one entry for each.</summary>
    public required ImmutableArray<TouchedResource> Resources { get; init; }

    /// <summary>The connections that its operations name.</summary>
    public required ImmutableArray<string> Connections { get; init; }

    /// <summary>Why not all of it can be told; null: the resources are all that it touches.</summary>
    public string? Untold { get; init; }

    /// <summary>What both touch and at least one of them alters, in words; empty: neither would notice the other, as far as both can be told.</summary>
    /// <remarks>What lies in a resource belongs to it. Two resources are one as everywhere in Belay: by their address, else by the last part of their names (docs/decisions/0007).</remarks>
    public ImmutableArray<string> InCommonWith(Reach other)
    {
        var members = new Contract.Members(
            Resources
                .Concat(other.Resources)
                .Select(touched => new Touch(touched.Resource, TouchKind.Read) { Address = touched.Address })
        );
        return
        [
            .. from mine in Resources
            from theirs in other.Resources
            where (mine.Altered || theirs.Altered) && IsOne(mine.Resource, theirs.Resource, members)
            select mine.Resource == theirs.Resource ? mine.Resource : $"{mine.Resource} (there: {theirs.Resource})",
        ];
    }

    private static bool IsOne(string mine, string theirs, Contract.Members members) =>
        ResourceNames.IsWithin(mine, theirs)
        || ResourceNames.IsWithin(theirs, mine)
        || (
            Contract.Members.IsMember(mine)
            && Contract.Members.IsMember(theirs)
            && members.Of(mine) == members.Of(theirs)
        );
}
