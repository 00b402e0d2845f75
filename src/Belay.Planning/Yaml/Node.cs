using System.Collections.Immutable;
using Belay.Domain.Plans;

namespace Belay.Planning.Yaml;

/// <summary>A value of a YAML file with its place. What type a scalar has is decided by whoever reads it.</summary>
internal abstract record Node(SourcePosition At)
{
    /// <summary>What the value is, for messages.</summary>
    public abstract string What { get; }
}

/// <summary>A text, number or other single value, as it was written.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="Text">The text, references included.</param>
/// <param name="Plain">Written without quotes: it may be read as a number, a boolean or nothing.</param>
internal sealed record ScalarNode(SourcePosition At, string Text, bool Plain) : Node(At)
{
    /// <summary>References in the text that only the run resolves.</summary>
    public ImmutableArray<Reference> Waiting { get; init; } = [];

    /// <summary>The value is not known yet: it waits for the run, or was reported as unknown. It fits every single-valued type.</summary>
    public bool Open { get; init; }

    /// <summary>The whole text is one reference, so that it can become a list or a map.</summary>
    public bool Alone { get; init; }

    public override string What => Plain && Text.Length == 0 ? "nothing" : $"'{Shorten(Text)}'";

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..57]}...";
}

/// <summary>A list.</summary>
internal sealed record ListNode(SourcePosition At, ImmutableArray<Node> Elements) : Node(At)
{
    public override string What => "a list";
}

/// <summary>A map; its keys are unique.</summary>
internal sealed record MapNode(SourcePosition At, ImmutableArray<Member> Members) : Node(At)
{
    public override string What => "a map";

    public Node? Find(string key)
    {
        foreach (var member in Members)
        {
            if (member.Key == key)
                return member.Value;
        }
        return null;
    }
}

/// <summary>One key of a map and its value.</summary>
internal sealed record Member(string Key, SourcePosition KeyAt, Node Value);
