using Belay.Domain.Boundaries;
using Belay.Domain.Journal;
using Belay.Views.Html;
using Belay.Views.Markdown;
using Belay.Views.Reports;

namespace Belay.Views;

/// <summary>Writes the report of a run: what its journal says, for people to read and to keep.</summary>
public static class ReportWriter
{
    /// <summary>Writes one HTML file that needs nothing besides itself: no script, no font, no picture from elsewhere.</summary>
    /// <param name="entries">The whole journal, or as much of it as there is; at least its first event.</param>
    /// <param name="boundary">The boundary of the plan that runs now, as <see cref="Boundary.Draw"/> gives it.</param>
    /// <param name="to">Where to write.</param>
    /// <exception cref="ArgumentException">The journal does not begin with the start of a run.</exception>
    public static Task HtmlAsync(
        IReadOnlyList<JournalEntry> entries,
        IReadOnlyList<BoundaryLine> boundary,
        TextWriter to
    ) => HtmlReport.WriteAsync(ReportBuilder.Build(entries, boundary), to);

    /// <summary>Writes the same facts as GitHub-flavoured Markdown.</summary>
    /// <inheritdoc cref="HtmlAsync" path="/param|/exception"/>
    public static Task MarkdownAsync(
        IReadOnlyList<JournalEntry> entries,
        IReadOnlyList<BoundaryLine> boundary,
        TextWriter to
    ) => MarkdownReport.WriteAsync(ReportBuilder.Build(entries, boundary), to);
}
