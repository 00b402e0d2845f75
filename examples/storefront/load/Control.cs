using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Storefront.Load;

/// <summary>The pages on which this program answers for itself.</summary>
internal sealed class Control(Tally tally, Audit audit, Func<Task> stop)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/report", (RequestDelegate)ReportAsync);
        app.MapGet("/audit", (RequestDelegate)AuditAsync);
        app.MapPost("/stop", (RequestDelegate)StopAsync);
    }

    private Task ReportAsync(HttpContext context) => WriteAsync(context, tally.Report(), Wire.Default.LoadReport);

    private async Task AuditAsync(HttpContext context)
    {
        try
        {
            await WriteAsync(context, await audit.RunAsync(context.RequestAborted), Wire.Default.AuditReport);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync($"the shop could not be asked: {error.Message}", context.RequestAborted);
        }
    }

    private async Task StopAsync(HttpContext context)
    {
        await stop();
        await ReportAsync(context);
    }

    private static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }
}
