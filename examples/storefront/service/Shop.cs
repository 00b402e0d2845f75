using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Storefront.Cache;

namespace Storefront;

/// <summary>The pages that customers use. A user is known by the header <c>x-session</c>.</summary>
internal sealed class Shop(Release release, Settings settings, SessionStore sessions, OrderBook orders)
{
    public void Map(WebApplication app)
    {
        app.MapPost("/login", Guarded(LoginAsync));
        app.MapPost("/logout", Guarded(LogoutAsync));
        app.MapGet("/page", Guarded(PageAsync));
        app.MapPost("/order", Guarded(PlaceOrderAsync));
        app.MapGet("/order/{number}", Guarded(ShowOrderAsync));
        app.MapDelete("/order/{number}", Guarded(CancelOrderAsync));
        app.MapGet("/session/{token}", Guarded(ShowSessionAsync));
    }

    private async Task LoginAsync(HttpContext context)
    {
        if (await Answer.ReadAsync(context, Wire.Default.LoginRequest) is not { } login)
            return;
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var session = await sessions.StartAsync(token, login.Customer, context.RequestAborted);
        await Answer.JsonAsync(context, StatusCodes.Status200OK, session, Wire.Default.Session);
    }

    private async Task LogoutAsync(HttpContext context)
    {
        if (await SessionOfAsync(context) is not { } session)
            return;
        await sessions.EndAsync(session.Token, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task PageAsync(HttpContext context)
    {
        if (await SessionOfAsync(context) is not { } session)
            return;
        await sessions.TouchAsync(session.Token, context.RequestAborted);
        await Answer.JsonAsync(context, StatusCodes.Status200OK, session, Wire.Default.Session);
    }

    private async Task PlaceOrderAsync(HttpContext context)
    {
        if (await SessionOfAsync(context) is not { } session)
            return;
        if (await Answer.ReadAsync(context, Wire.Default.OrderRequest) is not { } request)
            return;
        var order = new Order
        {
            Number = request.Number,
            Customer = session.Customer,
            Item = request.Item,
            Cents = request.Cents,
        };
        if (await orders.PlaceAsync(order, context.RequestAborted))
            await ShowAsync(context, StatusCodes.Status201Created, order);
        else
            await Answer.ProblemAsync(context, StatusCodes.Status409Conflict, $"order {order.Number} exists");
    }

    private async Task ShowOrderAsync(HttpContext context)
    {
        var number = Route(context, "number");
        if (await orders.FindAsync(number, context.RequestAborted) is { } order)
            await ShowAsync(context, StatusCodes.Status200OK, order);
        else
            await Answer.ProblemAsync(context, StatusCodes.Status404NotFound, $"no order {number}");
    }

    private async Task CancelOrderAsync(HttpContext context)
    {
        if (await SessionOfAsync(context) is not { } session)
            return;
        var number = Route(context, "number");
        if (await orders.CancelAsync(number, session.Customer, context.RequestAborted))
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await Answer.ProblemAsync(context, StatusCodes.Status404NotFound, $"no order {number} of yours");
    }

    private async Task ShowSessionAsync(HttpContext context)
    {
        if (await sessions.FindAsync(Route(context, "token"), context.RequestAborted) is { } session)
            await Answer.JsonAsync(context, StatusCodes.Status200OK, session, Wire.Default.Session);
        else
            await Answer.ProblemAsync(context, StatusCodes.Status404NotFound, "no such session");
    }

    private Task ShowAsync(HttpContext context, int status, Order order) =>
        Answer.JsonAsync(
            context,
            status,
            new OrderAnswer(order.Number, order.Customer, order.Item, order.Cents, settings.Currency),
            Wire.Default.OrderAnswer
        );

    private async Task<Session?> SessionOfAsync(HttpContext context)
    {
        var token = context.Request.Headers["x-session"].ToString();
        if (token.Length > 0 && await sessions.FindAsync(token, context.RequestAborted) is { } session)
            return session;
        await Answer.ProblemAsync(context, StatusCodes.Status401Unauthorized, "log in first");
        return null;
    }

    /// <summary>A store that cannot be reached, or a schema the release cannot speak to, is 503 with the reason.</summary>
    private RequestDelegate Guarded(RequestDelegate page) =>
        async context =>
        {
            try
            {
                await page(context);
            }
            catch (Exception error) when (error is CacheException or NpgsqlException && !context.Response.HasStarted)
            {
                var why = $"release {release.Version}: {error.Message}";
                await Answer.ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, why);
            }
        };

    private static string Route(HttpContext context, string name) =>
        Convert.ToString(context.Request.RouteValues[name], CultureInfo.InvariantCulture) ?? "";
}
