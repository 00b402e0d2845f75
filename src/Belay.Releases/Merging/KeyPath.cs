using System.Collections.Immutable;

namespace Belay.Releases.Merging;

/// <summary>The way to a key. As in <c>files.set</c> names are separated by dots, and a dot inside a name is written <c>\.</c>; an element of a list stands in brackets.</summary>
internal sealed record KeyPath(ImmutableArray<string> Parts)
{
    public static KeyPath Root { get; } = new([]);

    public KeyPath Then(string name, bool isElement)
    {
        var escaped = name.Replace(".", "\\.", StringComparison.Ordinal);
        return new KeyPath(Parts.Add(isElement ? $"[{name}]" : escaped));
    }

    public override string ToString() =>
        string.Join('.', Parts).Replace(".[", "[", StringComparison.Ordinal) is { Length: > 0 } text ? text : "(all)";
}
