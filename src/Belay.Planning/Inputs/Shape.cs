using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Belay.Planning.Inputs;

/// <summary>What a value must look like: the JSON schema of a type, made ready for reading. A closed hierarchy.</summary>
internal abstract record Shape
{
    private Shape() { }

    /// <summary>For messages: <c>a text</c>.</summary>
    public abstract string What { get; }

    /// <summary>Whether a single value can fit.</summary>
    public virtual bool IsSingle => true;

    public sealed record Any : Shape
    {
        public override string What => "a value";
    }

    public sealed record Text : Shape
    {
        public override string What => "a text";
    }

    public sealed record Whole : Shape
    {
        public override string What => "a whole number";
    }

    public sealed record Number : Shape
    {
        public override string What => "a number";
    }

    public sealed record Flag : Shape
    {
        public override string What => "true or false";
    }

    public sealed record Duration : Shape
    {
        public override string What => $"a duration such as {Domain.Json.Duration.Example}";
    }

    /// <summary>A text that must not be shown; the only place where a secret may stand.</summary>
    public sealed record Secret : Shape
    {
        public override string What => "a secret";
    }

    public sealed record Word(ImmutableArray<string> Words) : Shape
    {
        public override string What => Words.Length == 1 ? $"'{Words[0]}'" : $"one of {string.Join(", ", Words)}";
    }

    public sealed record List(Shape Element) : Shape
    {
        public override string What => "a list";

        public override bool IsSingle => false;
    }

    public sealed record Map(Shape Value) : Shape
    {
        public override string What => "a map";

        public override bool IsSingle => false;
    }

    public sealed record Record(FrozenDictionary<string, ShapeMember> Members, ImmutableArray<string> Required) : Shape
    {
        public override string What => "a map";

        public override bool IsSingle => false;
    }
}

/// <summary>A member of a record.</summary>
/// <param name="Shape">What its value must look like.</param>
/// <param name="Nullable">It may be left empty.</param>
/// <param name="Connection">It names a connection of this kind; null when it does not.</param>
/// <param name="IsFile">It names a file or folder whose content counts into the plan's hash.</param>
internal sealed record ShapeMember(Shape Shape, bool Nullable, string? Connection, bool IsFile)
{
    /// <summary>For messages.</summary>
    public string What =>
        Connection is not null ? $"the name of a connection of the kind {Connection}"
        : IsFile ? "the path of a file or folder"
        : Shape.What;
}
