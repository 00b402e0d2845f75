using Belay.Views.Html;
using Belay.Views.Markdown;
using Belay.Views.PlanPages;

namespace Belay.Views;

/// <summary>Writes a plan as a page for people: what will happen, in which order, by whom, and what can be taken back. Made from the plan that runs, it cannot drift from it.</summary>
public static class PlanWriter
{
    /// <summary>Writes one HTML file that needs nothing besides itself.</summary>
    public static Task HtmlAsync(PlanFacts facts, TextWriter to) =>
        HtmlReport.WriteAsync(PlanPageBuilder.Build(facts), to);

    /// <summary>Writes the same as GitHub-flavoured Markdown.</summary>
    public static Task MarkdownAsync(PlanFacts facts, TextWriter to) =>
        MarkdownReport.WriteAsync(PlanPageBuilder.Build(facts), to);
}
