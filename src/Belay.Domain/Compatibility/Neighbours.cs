using System.Collections.Immutable;
using Belay.Domain.Versions;

namespace Belay.Domain.Compatibility;

/// <summary>Which versions may stand beside each other. Every statement is about two components, so a state is compatible when each pair in it is.</summary>
public sealed class Neighbours
{
    private readonly ILookup<(string, string), Judged> needs;

    /// <summary>Makes the statements ready to be asked.</summary>
    public Neighbours(IEnumerable<Need> needs) =>
        this.needs = needs
            .Select(need => new Judged(
                need,
                VersionRange.TryParse(need.Versions)
                    ?? throw new ArgumentException($"'{need.Versions}' is no range", nameof(needs)),
                VersionRange.TryParse(need.Range)
                    ?? throw new ArgumentException($"'{need.Range}' is no range", nameof(needs))
            ))
            .ToLookup(judged => (judged.Need.Component, judged.Need.Of));

    /// <summary>The statements that two components break beside each other, in either direction.</summary>
    /// <param name="a">The one component.</param>
    /// <param name="version">Its version; null: it is not there.</param>
    /// <param name="b">The other component.</param>
    /// <param name="other">Its version; null: it is not there.</param>
    public IEnumerable<Need> Broken(string a, VersionNumber? version, string b, VersionNumber? other) =>
        Broken(needs[(a, b)], version, other).Concat(Broken(needs[(b, a)], other, version));

    /// <summary>Whether any statement is about both.</summary>
    public bool Concern(string a, string b) => needs.Contains((a, b)) || needs.Contains((b, a));

    private static IEnumerable<Need> Broken(IEnumerable<Judged> needs, VersionNumber? subject, VersionNumber? of) =>
        subject is null
            ? []
            : needs
                .Where(judged => judged.Versions.Holds(subject) && !(of is not null && judged.Range.Holds(of)))
                .Select(judged => judged.Need);

    private sealed record Judged(Need Need, VersionRange Versions, VersionRange Range);
}
