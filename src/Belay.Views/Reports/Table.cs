using System.Collections.Immutable;

namespace Belay.Views.Reports;

/// <summary>Rows under headers.</summary>
public sealed record Table
{
    /// <summary>What the table shows.</summary>
    public required string Caption { get; init; }

    /// <summary>The headers.</summary>
    public required ImmutableArray<string> Columns { get; init; }

    /// <summary>The rows, each with a cell for every header; the first cell names the row.</summary>
    public required ImmutableArray<ImmutableArray<Cell>> Rows { get; init; }
}

/// <summary>One cell of a table.</summary>
/// <param name="Text">What it says; may be empty.</param>
/// <param name="Tone">Whether that is good.</param>
public sealed record Cell(string Text, Tone Tone = Tone.Plain)
{
    /// <summary>The anchor of a place in the report that says more; null: there is none.</summary>
    public string? Target { get; init; }

    /// <summary>How deep the row lies in a tree, 0 at the root.</summary>
    public int Depth { get; init; }

    /// <summary>A plain cell.</summary>
    public static implicit operator Cell(string text) => Of(text);

    /// <summary>A plain cell; empty for null.</summary>
    public static Cell Of(string? text) => new(text ?? "");
}

/// <summary>How a reader should take something. Colours only stress it: the words always say it too.</summary>
public enum Tone
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Needs a look.</summary>
    Bad,

    /// <summary>Waits, or was taken back.</summary>
    Waiting,

    /// <summary>Of less weight.</summary>
    Quiet,
}
