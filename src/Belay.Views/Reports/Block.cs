using System.Collections.Immutable;
using Belay.Views.Plots;
using Belay.Views.Timelines;

namespace Belay.Views.Reports;

/// <summary>A thing that stands in a section. A closed hierarchy.</summary>
public abstract record Block
{
    private Block() { }

    /// <summary>A sentence or more.</summary>
    public sealed record Words(string Text) : Block;

    /// <summary>Rows under headers.</summary>
    public sealed record Rows(Table Table) : Block;

    /// <summary>Something that is opened on demand.</summary>
    public sealed record Folded : Block
    {
        /// <summary>The anchor; null when nothing points to it.</summary>
        public string? Anchor { get; init; }

        /// <summary>What is read while it is closed.</summary>
        public required string Title { get; init; }

        /// <summary>How the thing stands, beside the title.</summary>
        public required Cell Mark { get; init; }

        /// <summary>What is inside.</summary>
        public required ImmutableArray<Block> Blocks { get; init; }
    }

    /// <summary>The time line as a picture. What it shows stands in the table of the steps too.</summary>
    public sealed record Picture(Timeline Timeline) : Block;

    /// <summary>A watch as a picture. What it shows stands in the table of the watches too.</summary>
    public sealed record Plot(WatchPlot Watch) : Block;
}
