using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Storefront.Cache;

namespace Storefront;

/// <summary>The pages that operators and the load balancer use.</summary>
internal sealed class StatusPages(
    Release release,
    CacheFile cacheFile,
    SessionStore sessions,
    OrderBook orders,
    Health health
)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/status", (RequestDelegate)StatusAsync);
        app.MapGet("/healthz", (RequestDelegate)HealthAsync);
    }

    private async Task HealthAsync(HttpContext context)
    {
        var state = await health.CheckAsync(context.RequestAborted);
        var answer = new HealthAnswer(Describe(state), release.Version);
        await Answer.JsonAsync(context, StatusOf(state), answer, Wire.Default.HealthAnswer);
    }

    private async Task StatusAsync(HttpContext context)
    {
        var answer = new StatusAnswer
        {
            Release = release.Version,
            Schema = await OrNullAsync(orders.SchemaAsync(context.RequestAborted)),
            SchemaFrom = release.SchemaFrom,
            SchemaTo = release.SchemaTo,
            Cache = cacheFile.Current.Endpoint.ToString(),
            Sessions = await OrNullAsync(sessions.CountAsync(context.RequestAborted)),
            Health = Describe(await health.CheckAsync(context.RequestAborted)),
            Pid = Environment.ProcessId,
        };
        await Answer.JsonAsync(context, StatusCodes.Status200OK, answer, Wire.Default.StatusAnswer);
    }

    private static async Task<T?> OrNullAsync<T>(Task<T> reading)
        where T : struct
    {
        try
        {
            return await reading;
        }
        catch (Exception error) when (error is CacheException or NpgsqlException)
        {
            return null;
        }
    }

    private static string Describe(HealthState state) =>
        state switch
        {
            HealthState.Healthy => "healthy",
            HealthState.TakenOut => "taken out",
            HealthState.Sick sick => sick.Why,
            _ => throw new InvalidOperationException($"unknown state {state}"),
        };

    private static int StatusOf(HealthState state) =>
        state switch
        {
            HealthState.Healthy => StatusCodes.Status200OK,
            HealthState.TakenOut => StatusCodes.Status404NotFound,
            HealthState.Sick => StatusCodes.Status503ServiceUnavailable,
            _ => throw new InvalidOperationException($"unknown state {state}"),
        };
}
