using Belay.Views.Reports;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Belay.Views.Html;

/// <summary>Renders a report as one HTML file, without a server.</summary>
internal static class HtmlReport
{
    public static async Task WriteAsync(Report report, TextWriter to)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(
                new Dictionary<string, object?> { [nameof(ReportPage.Report)] = report }
            );
            var page = await renderer.RenderComponentAsync<ReportPage>(parameters);
            page.WriteHtmlTo(to);
        });
    }
}
