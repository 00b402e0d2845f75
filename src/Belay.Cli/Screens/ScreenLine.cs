using System.Collections.Immutable;
using Belay.Domain.Json;

namespace Belay.Cli.Screens;

/// <summary>How a piece of text is meant; a terminal with colours shows it, everything else shows only the text.</summary>
internal enum Tone
{
    Plain,
    Strong,
    Faint,
    Good,
    Warning,
    Bad,
}

/// <summary>A piece of a line.</summary>
internal readonly record struct Piece(string Text, Tone Tone)
{
    /// <summary>The text as it may be shown: much of it was written by others.</summary>
    public string Seen => VisibleText.Of(Text);
}

/// <summary>A line of text.</summary>
internal sealed record ScreenLine(ImmutableArray<Piece> Pieces)
{
    public static ScreenLine Of(string text, Tone tone) => new([new Piece(text, tone)]);

    public static implicit operator ScreenLine(string text) => Of(text, Tone.Plain);

    /// <summary>The text alone.</summary>
    public override string ToString() => string.Concat(Pieces.Select(piece => piece.Seen));
}
