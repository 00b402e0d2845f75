using System.Collections.Immutable;

namespace Belay.Releases.Importing;

/// <summary>A part of the plan that a page becomes. A closed hierarchy.</summary>
/// <param name="Line">The line of the page that it comes from.</param>
internal abstract record Draft(int Line)
{
    /// <summary>What the page says around its steps; becomes a comment.</summary>
    public sealed record Remark(int Line, string Text) : Draft(Line);

    /// <summary>A manual step.</summary>
    public sealed record Confirm(int Line, string Text) : Draft(Line);

    /// <summary>A sentence that says when not to go on; becomes an approval.</summary>
    public sealed record Gate(int Line, string Text) : Draft(Line);

    /// <summary>A command that no typed operation stands for.</summary>
    public sealed record Shell(int Line, string Name, ShellWords Command) : Draft(Line)
    {
        /// <summary>The folder that earlier commands of its block went into; null: the plan's.</summary>
        public string? Folder { get; init; }

        /// <summary>What earlier commands of its block set for it.</summary>
        public ImmutableArray<string> Before { get; init; } = [];

        /// <summary>The commands that take it back, from the page's own section about that.</summary>
        public ImmutableArray<ShellWords> Undo { get; init; } = [];

        /// <summary>Whether it certainly only reads.</summary>
        public bool OnlyReads => Programs.OnlyReads(Command.Words);
    }

    /// <summary>A command that the page lost.</summary>
    public sealed record Hole(int Line, string Name) : Draft(Line);

    /// <summary>A typed operation.</summary>
    public sealed record Typed(int Line, string Name, TypedOperation Operation) : Draft(Line);

    /// <summary>A heading with what stands under it.</summary>
    public sealed record Phase(int Line, int Level, string Name) : Draft(Line)
    {
        public List<Draft> Parts { get; } = [];
    }
}

/// <summary>An operation with its inputs.</summary>
/// <param name="Kind"><c>do</c> or <c>check</c>.</param>
/// <param name="Name">The operation.</param>
/// <param name="With">Its inputs: a name, and a value as the page writes it or a list of such.</param>
/// <param name="IsFinal">It is a change that cannot be taken back.</param>
internal sealed record TypedOperation(
    string Kind,
    string Name,
    ImmutableArray<(string Key, InputValue Value)> With,
    bool IsFinal
);

/// <summary>A value of an input. A closed hierarchy.</summary>
internal abstract record InputValue
{
    public sealed record Text(string Value) : InputValue;

    public sealed record List(ImmutableArray<string> Values) : InputValue;

    public sealed record Map(ImmutableArray<(string Key, string Value)> Members) : InputValue;

    /// <summary>JSON, which YAML reads as it is.</summary>
    public sealed record Json(string Value) : InputValue;
}
