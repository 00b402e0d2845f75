using System.Collections.Immutable;

namespace Belay.Releases.Importing;

/// <summary>A piece of a page, in the page's order. A closed hierarchy.</summary>
/// <param name="Line">Its first line, from 1.</param>
internal abstract record PagePiece(int Line)
{
    /// <summary>A heading.</summary>
    public sealed record Heading(int Line, int Level, string Text) : PagePiece(Line);

    /// <summary>A paragraph; commands in it stand between backticks.</summary>
    public sealed record Paragraph(int Line, string Text) : PagePiece(Line);

    /// <summary>An item of a list: something to do, or to look at.</summary>
    public sealed record ListItem(int Line, string Text) : PagePiece(Line);

    /// <summary>A block of code.</summary>
    public sealed record Code(int Line, string Language, ImmutableArray<string> Lines) : PagePiece(Line);

    /// <summary>A block of code whose content did not come along when the page was copied.</summary>
    public sealed record Lost(int Line, string Language) : PagePiece(Line);
}
